// DkimKeyRecord: a DKIM key record (RFC 6376 section 3.6.1; RFC 8463 section 4 for Ed25519; RFC 8301 for what
// RSA keys may be), read from the data of one TXT RR.
//
// Any octets in, a value out. The record owns its octets. Pure and total, but for memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/dns/result.h"
#include "scanner/record/record_error.h"

namespace dauth::scanner {

enum class DkimKeyType : std::uint8_t {
  kRsa,      // k=rsa, or no k
  kEd25519,  // k=ed25519
  kOther,    // any other: verifiers ignore the record
};

enum class DkimKeyState : std::uint8_t {
  kPresent,    // a public key that could be read, or one of another type that is not looked into
  kRevoked,    // p is empty
  kMalformed,  // p holds no key of the type
};

enum class DkimKeyFault : std::uint8_t {
  kNone,
  kNotBase64,
  kQuotes,           // quotation marks in the value: those of a zone file, published with the record
  kNotDer,           // RSA: no DER SEQUENCE
  kCutOff,           // RSA: the DER says that it is longer: a record that was cut, often at 255 octets
  kOctetsBehind,     // RSA: octets behind the key
  kOtherAlgorithm,   // RSA: a SubjectPublicKeyInfo of another algorithm
  kNotRsa,           // RSA: DER, but no RSA key
  kWrongLength,      // Ed25519: not 32 octets
  kDerInsteadOfRaw,  // Ed25519: a SubjectPublicKeyInfo, where RFC 8463 wants the 32 octets alone
};

// "", "not_base64", ... for programs, and a phrase for a person.
std::string_view to_text(DkimKeyFault fault);
std::string_view describe(DkimKeyFault fault);
// "rsa", "ed25519", "other".
std::string_view to_text(DkimKeyType type);
// "present", "revoked", "malformed".
std::string_view to_text(DkimKeyState state);

// What RFC 8301 section 3.2 makes of the size of an RSA key.
enum class RsaKeySize : std::uint8_t {
  kUseless,  // under 1024 bits: signatures count as failed
  kWeak,     // under 2048 bits: signers SHOULD use 2048 or more
  kGood,     // 2048 to 4096 bits
  kLarge,    // over 4096 bits: verifiers need not be able to use it
};

RsaKeySize judge_rsa_size(std::size_t bits);
// "useless", "weak", "good", "large".
std::string_view to_text(RsaKeySize size);

struct DkimKeyRecord {
  DkimKeyType type = DkimKeyType::kRsa;
  std::string type_name = "rsa";  // k
  DkimKeyState state = DkimKeyState::kMalformed;
  DkimKeyFault fault = DkimKeyFault::kNone;  // of kMalformed
  std::size_t bits = 0;                      // of a key that is present: modulus, or 256; 0 for kOther
  bool is_bare_rsa_key = false;  // RSAPublicKey without SubjectPublicKeyInfo: many verifiers refuse it
  std::optional<std::string> version = {};                // v: always "DKIM1"
  std::optional<std::vector<std::string>> hashes = {};    // h; nothing: all
  std::optional<std::vector<std::string>> services = {};  // s; nothing: all
  std::vector<std::string> flags = {};                    // t
  std::optional<std::string> notes = {};                  // n, as it stands

  // Signatures count as those of nobody while a domain tests (t=y).
  bool is_testing() const;
  // The domain of i= must be that of d= itself (t=s).
  bool is_strict() const;
  // h allows sha256, which RFC 8301 section 3.1 leaves as the only one.
  bool allows_sha256() const;
  // s names email or *.
  bool is_for_mail() const;
  // A signature by this key can be verified: present, of a known type, of a size that counts, for mail,
  // sha256.
  bool is_usable() const;
};

// The tag list is malformed, v is not first or not DKIM1, or p is missing: verifiers take it for no key
// record.
Result<DkimKeyRecord, RecordError> parse_dkim_key(std::string_view record);

}  // namespace dauth::scanner
