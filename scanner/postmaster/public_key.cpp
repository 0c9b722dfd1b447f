#include "scanner/postmaster/public_key.h"

#include <openssl/asn1.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <sodium.h>

#include <memory>

namespace dauth::scanner {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using OwnedKey = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using OwnedAlgorithm = std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>>;
using OwnedDecoder = std::unique_ptr<OSSL_DECODER_CTX, Freed<OSSL_DECODER_CTX_free>>;

// What libcrypto noted of a failure is told by our own values.
struct ErrorsForgotten {
  ~ErrorsForgotten() { ERR_clear_error(); }
};

// The SEQUENCE at the start of `der`.
struct Sequence {
  std::span<const std::uint8_t> content;  // what is there of it
  std::size_t length = 0;                 // what it says of itself
};

std::optional<Sequence> read_sequence(std::span<const std::uint8_t> der) {
  const unsigned char* at = der.data();
  long length = 0;
  int tag = 0;
  int class_of_tag = 0;
  const int form = ASN1_get_object(&at, &length, &tag, &class_of_tag, static_cast<long>(der.size()));
  // 0x80 marks an error, which a length beyond the end is too; 1 an indefinite length, which DER has not.
  const std::size_t header = static_cast<std::size_t>(at - der.data());
  if (tag != V_ASN1_SEQUENCE || class_of_tag != V_ASN1_UNIVERSAL || (form & V_ASN1_CONSTRUCTED) == 0)
    return std::nullopt;
  if (header < 2 || header > der.size() || length < 0 || (form & 1) != 0) return std::nullopt;
  const Sequence sequence{der.subspan(header), static_cast<std::size_t>(length)};
  const bool is_too_long = sequence.length > sequence.content.size();
  if ((form & 0x80) != 0 && !is_too_long) return std::nullopt;
  return sequence;
}

// The algorithm of a SubjectPublicKeyInfo with this content, as an NID; nothing where it is none.
std::optional<int> algorithm_of(std::span<const std::uint8_t> content) {
  const unsigned char* at = content.data();
  const OwnedAlgorithm algorithm(d2i_X509_ALGOR(nullptr, &at, static_cast<long>(content.size())));
  if (!algorithm) return std::nullopt;
  const ASN1_OBJECT* object = nullptr;
  X509_ALGOR_get0(&object, nullptr, nullptr, algorithm.get());
  return OBJ_obj2nid(object);
}

OwnedKey decode_rsa_key(std::span<const std::uint8_t> der, const char* structure) {
  EVP_PKEY* key = nullptr;
  const OwnedDecoder decoder(
      OSSL_DECODER_CTX_new_for_pkey(&key, "DER", structure, "RSA", EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
  const unsigned char* at = der.data();
  std::size_t left = der.size();
  const bool is_decoded = decoder && OSSL_DECODER_from_data(decoder.get(), &at, &left) == 1;
  OwnedKey owned(key);
  if (!is_decoded) owned.reset();
  return owned;
}

}  // namespace

std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text) {
  for (const int variant : {sodium_base64_VARIANT_ORIGINAL, sodium_base64_VARIANT_ORIGINAL_NO_PADDING}) {
    std::vector<std::uint8_t> octets(text.size() / 4 * 3 + 3);
    std::size_t length = 0;
    if (sodium_base642bin(octets.data(), octets.size(), text.data(), text.size(), " \t\r\n", &length, nullptr,
                          variant) == 0) {
      octets.resize(length);
      return octets;
    }
  }
  return std::nullopt;
}

Result<RsaPublicKey, DkimKeyFault> read_rsa_public_key(std::span<const std::uint8_t> der) {
  const ErrorsForgotten errors_forgotten;
  const auto outer = read_sequence(der);
  if (!outer) return unexpected(DkimKeyFault::kNotDer);
  if (outer->length > outer->content.size()) return unexpected(DkimKeyFault::kCutOff);
  if (outer->length < outer->content.size()) return unexpected(DkimKeyFault::kOctetsBehind);
  const auto algorithm = algorithm_of(outer->content);
  if (algorithm && *algorithm != NID_rsaEncryption) return unexpected(DkimKeyFault::kOtherAlgorithm);
  const OwnedKey key = decode_rsa_key(der, algorithm ? "SubjectPublicKeyInfo" : "type-specific");
  const int bits = key ? EVP_PKEY_get_bits(key.get()) : 0;
  if (bits <= 0) return unexpected(DkimKeyFault::kNotRsa);
  return RsaPublicKey{static_cast<std::size_t>(bits), !algorithm};
}

bool is_subject_public_key_info(std::span<const std::uint8_t> der) {
  const ErrorsForgotten errors_forgotten;
  const auto outer = read_sequence(der);
  return outer && outer->length == outer->content.size() && algorithm_of(outer->content).has_value();
}

}  // namespace dauth::scanner
