// Public keys as octets: base64, and the size of an RSA key in DER. libcrypto and libsodium stay behind this.
//
// The octets are a stranger's: of the DER nothing is decoded but an RSA public key.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/postmaster/dkim_key_record.h"

namespace dauth::scanner {

// RFC 4648 section 4, with or without the padding; blanks and line ends are passed over anywhere (RFC 6376
// section 2.10). Nothing where `text` is something else.
std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text);

struct RsaPublicKey {
  std::size_t bits = 0;  // of the modulus
  bool is_bare = false;  // RSAPublicKey (RFC 8017 A.1.1) without SubjectPublicKeyInfo (RFC 5280 4.1)
};

// The key must fill `der`.
Result<RsaPublicKey, DkimKeyFault> read_rsa_public_key(std::span<const std::uint8_t> der);

// Whether `der` is a SubjectPublicKeyInfo, of whatever algorithm.
bool is_subject_public_key_info(std::span<const std::uint8_t> der);

}  // namespace dauth::scanner
