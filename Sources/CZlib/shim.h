#ifndef DISBURSE_CZLIB_SHIM_H
#define DISBURSE_CZLIB_SHIM_H

#include <zlib.h>

// inflateInit2 and deflateInit2 are macros that pass the version and size of the caller's headers.
// 15 + 16: the largest window, with the gzip wrapper and its CRC.
static inline int shim_inflateInitGzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
static inline int shim_deflateInitGzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
