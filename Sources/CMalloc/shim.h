// <malloc.h> is no part of the Glibc module; mallopt(3) and its parameters are there.
#include <malloc.h>
