#ifndef DISBURSE_COPENSSL_SHIM_H
#define DISBURSE_COPENSSL_SHIM_H

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

// Swift imports neither function-like macros nor macros whose value has casts or other macros in it.

// OPENSSL_free is a macro over CRYPTO_free with the place of the call.
static inline void shim_OPENSSL_free(void *pointer) { OPENSSL_free(pointer); }

// The BIO_ctrl macros.
static inline int shim_BIO_flush(BIO *bio) { return (int)BIO_flush(bio); }
static inline long shim_BIO_get_mem_data(BIO *bio, char **data) { return BIO_get_mem_data(bio, data); }
static inline int shim_BIO_get_md_ctx(BIO *bio, EVP_MD_CTX **context) { return (int)BIO_get_md_ctx(bio, context); }
static inline int shim_BIO_set_md(BIO *bio, const EVP_MD *digest) { return (int)BIO_set_md(bio, digest); }
static inline int shim_BIO_get_cipher_status(BIO *bio) { return (int)BIO_get_cipher_status(bio); }
static inline void shim_BIO_set_retry_none(BIO *bio) { BIO_clear_retry_flags(bio); }

// sk_X509_* are macros that generate typed inline functions.
static inline STACK_OF(X509) *shim_sk_X509_new_null(void) { return sk_X509_new_null(); }
static inline int shim_sk_X509_push(STACK_OF(X509) *stack, X509 *certificate) {
  return sk_X509_push(stack, certificate);
}
static inline int shim_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *shim_sk_X509_value(const STACK_OF(X509) *stack, int index) {
  return sk_X509_value(stack, index);
}
// Frees the stack, not the certificates in it.
static inline void shim_sk_X509_free(STACK_OF(X509) *stack) { sk_X509_free(stack); }
// Frees the stack and releases each certificate, as CMS_get1_certs requires.
static inline void shim_sk_X509_pop_free(STACK_OF(X509) *stack) { sk_X509_pop_free(stack, X509_free); }

static inline int shim_sk_CMS_SignerInfo_num(const STACK_OF(CMS_SignerInfo) *stack) {
  return sk_CMS_SignerInfo_num(stack);
}
static inline CMS_SignerInfo *shim_sk_CMS_SignerInfo_value(const STACK_OF(CMS_SignerInfo) *stack, int index) {
  return sk_CMS_SignerInfo_value(stack, index);
}
static inline int shim_sk_CMS_RecipientInfo_num(const STACK_OF(CMS_RecipientInfo) *stack) {
  return sk_CMS_RecipientInfo_num(stack);
}
static inline CMS_RecipientInfo *shim_sk_CMS_RecipientInfo_value(
  const STACK_OF(CMS_RecipientInfo) *stack, int index) {
  return sk_CMS_RecipientInfo_value(stack, index);
}
static inline int shim_sk_CMS_RecipientEncryptedKey_num(const STACK_OF(CMS_RecipientEncryptedKey) *stack) {
  return sk_CMS_RecipientEncryptedKey_num(stack);
}
static inline CMS_RecipientEncryptedKey *shim_sk_CMS_RecipientEncryptedKey_value(
  const STACK_OF(CMS_RecipientEncryptedKey) *stack, int index) {
  return sk_CMS_RecipientEncryptedKey_value(stack, index);
}

// An OSSL_PARAM keeps pointers to its name and value, which a Swift string lends only for one call.
static inline int shim_EVP_MAC_init_HMAC_SHA256(EVP_MAC_CTX *context, const unsigned char *key, size_t count) {
  char digest[] = "SHA2-256";
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_construct_end()};
  return EVP_MAC_init(context, key, count, parameters);
}

// Flag words made of other macros: RFC 2253 order and escapes, but UTF-8 left as it is.
static const unsigned long shim_XN_FLAG_RFC2253_UTF8 = XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB;

#endif
