#include "scanner/postmaster/dkim_key_record.h"

#include <algorithm>

#include "scanner/postmaster/public_key.h"
#include "scanner/record/tag_list.h"

namespace dauth::scanner {
namespace {

constexpr std::string_view kSection = "RFC 6376 section 3.6.1";
constexpr std::size_t kEd25519Octets = 32;
constexpr std::size_t kEd25519Bits = 256;

bool is_white_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Words separated by colons, white space around each.
std::vector<std::string> split_at_colons(std::string_view value) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t colon = std::min(value.find(':'), value.size());
    std::string_view word = value.substr(0, colon);
    while (!word.empty() && is_white_space(word.front())) word.remove_prefix(1);
    while (!word.empty() && is_white_space(word.back())) word.remove_suffix(1);
    words.emplace_back(word);
    if (colon == value.size()) return words;
    value.remove_prefix(colon + 1);
  }
}

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

DkimKeyType type_of(std::string_view name) {
  if (name == "rsa") return DkimKeyType::kRsa;
  if (name == "ed25519") return DkimKeyType::kEd25519;
  return DkimKeyType::kOther;
}

void read_public_key(DkimKeyRecord& record, std::string_view value) {
  const auto fail = [&](DkimKeyFault fault) { record.fault = fault; };
  if (value.empty()) {
    record.state = DkimKeyState::kRevoked;
    return;
  }
  if (record.type == DkimKeyType::kOther) {
    record.state = DkimKeyState::kPresent;
    return;
  }
  const auto octets = decode_base64(value);
  if (!octets) {
    return fail(value.find('"') == std::string_view::npos ? DkimKeyFault::kNotBase64 : DkimKeyFault::kQuotes);
  }
  if (record.type == DkimKeyType::kEd25519) {
    if (octets->size() != kEd25519Octets) {
      return fail(is_subject_public_key_info(*octets) ? DkimKeyFault::kDerInsteadOfRaw
                                                      : DkimKeyFault::kWrongLength);
    }
    record.bits = kEd25519Bits;
  } else {
    const auto key = read_rsa_public_key(*octets);
    if (!key) return fail(key.error());
    record.bits = key->bits;
    record.is_bare_rsa_key = key->is_bare;
  }
  record.state = DkimKeyState::kPresent;
}

}  // namespace

std::string_view to_text(DkimKeyFault fault) {
  switch (fault) {
    case DkimKeyFault::kNone:
      return "";
    case DkimKeyFault::kNotBase64:
      return "not_base64";
    case DkimKeyFault::kQuotes:
      return "quotes";
    case DkimKeyFault::kNotDer:
      return "not_der";
    case DkimKeyFault::kCutOff:
      return "cut_off";
    case DkimKeyFault::kOctetsBehind:
      return "octets_behind";
    case DkimKeyFault::kOtherAlgorithm:
      return "other_algorithm";
    case DkimKeyFault::kNotRsa:
      return "not_rsa";
    case DkimKeyFault::kWrongLength:
      return "wrong_length";
    case DkimKeyFault::kDerInsteadOfRaw:
      return "der_instead_of_raw";
  }
  return "";
}

std::string_view describe(DkimKeyFault fault) {
  switch (fault) {
    case DkimKeyFault::kNone:
      return "";
    case DkimKeyFault::kNotBase64:
      return "p= is not base64";
    case DkimKeyFault::kQuotes:
      return "there are quotation marks within p=, which split a record in a zone file and were published as "
             "part "
             "of it";
    case DkimKeyFault::kNotDer:
      return "p= is base64, but no key in DER";
    case DkimKeyFault::kCutOff:
      return "the key is cut off: it says that it is longer than what is there";
    case DkimKeyFault::kOctetsBehind:
      return "there are octets behind the key";
    case DkimKeyFault::kOtherAlgorithm:
      return "p= holds a key of another algorithm than RSA, which k= names or leaves to be assumed";
    case DkimKeyFault::kNotRsa:
      return "p= is DER, but no RSA public key";
    case DkimKeyFault::kWrongLength:
      return "an Ed25519 key has 32 octets, and this has another length";
    case DkimKeyFault::kDerInsteadOfRaw:
      return "an Ed25519 key stands in p= as its 32 octets alone, and this is wrapped in DER";
  }
  return "";
}

std::string_view to_text(DkimKeyType type) {
  switch (type) {
    case DkimKeyType::kRsa:
      return "rsa";
    case DkimKeyType::kEd25519:
      return "ed25519";
    case DkimKeyType::kOther:
      return "other";
  }
  return "";
}

std::string_view to_text(DkimKeyState state) {
  switch (state) {
    case DkimKeyState::kPresent:
      return "present";
    case DkimKeyState::kRevoked:
      return "revoked";
    case DkimKeyState::kMalformed:
      return "malformed";
  }
  return "";
}

RsaKeySize judge_rsa_size(std::size_t bits) {
  if (bits < 1024) return RsaKeySize::kUseless;
  if (bits < 2048) return RsaKeySize::kWeak;
  return bits <= 4096 ? RsaKeySize::kGood : RsaKeySize::kLarge;
}

std::string_view to_text(RsaKeySize size) {
  switch (size) {
    case RsaKeySize::kUseless:
      return "useless";
    case RsaKeySize::kWeak:
      return "weak";
    case RsaKeySize::kGood:
      return "good";
    case RsaKeySize::kLarge:
      return "large";
  }
  return "";
}

bool DkimKeyRecord::is_testing() const {
  return holds(flags, "y");
}

bool DkimKeyRecord::is_strict() const {
  return holds(flags, "s");
}

bool DkimKeyRecord::allows_sha256() const {
  return !hashes || holds(*hashes, "sha256");
}

bool DkimKeyRecord::is_for_mail() const {
  return !services || holds(*services, "email") || holds(*services, "*");
}

bool DkimKeyRecord::is_usable() const {
  if (state != DkimKeyState::kPresent || type == DkimKeyType::kOther) return false;
  if (type == DkimKeyType::kRsa && judge_rsa_size(bits) == RsaKeySize::kUseless) return false;
  return allows_sha256() && is_for_mail();
}

Result<DkimKeyRecord, RecordError> parse_dkim_key(std::string_view record) {
  const auto tags = parse_tag_list(record, TagValues::kByGrammar);
  if (!tags) return unexpected(tags.error());
  DkimKeyRecord key;
  const Tag* public_key = nullptr;
  for (const Tag& tag : *tags) {
    if (tag.name == "v") {
      if (&tag != &tags->front()) {
        return unexpected(RecordError{kSection, tag.offset, "v= is not the first tag"});
      }
      if (tag.value != "DKIM1") {
        return unexpected(RecordError{kSection, tag.offset, "the version is not DKIM1"});
      }
      key.version = tag.value;
    } else if (tag.name == "k") {
      key.type_name = tag.value;
      key.type = type_of(tag.value);
    } else if (tag.name == "h") {
      key.hashes = split_at_colons(tag.value);
    } else if (tag.name == "s") {
      key.services = split_at_colons(tag.value);
    } else if (tag.name == "t") {
      key.flags = split_at_colons(tag.value);
    } else if (tag.name == "n") {
      key.notes = tag.value;
    } else if (tag.name == "p") {
      public_key = &tag;
    }
  }
  if (public_key == nullptr) {
    return unexpected(RecordError{kSection, record.size(), "p= is missing"});
  }
  read_public_key(key, public_key->value);
  return key;
}

}  // namespace dauth::scanner
