// DKIM key records and the keys in them: no crash, errors inside the text, a key only where it can be one,
// and a semicolon more at the end changes nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/postmaster/dkim_key.h"
#include "scanner/postmaster/public_key.h"

namespace {

using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

// Octets that are no text at all go to the reader of keys as they are.
void read_as_key(std::span<const std::uint8_t> octets) {
  const auto key = read_rsa_public_key(octets);
  if (key) {
    require(key->bits > 0 && key->bits <= octets.size() * 8);
    require(key->is_bare != is_subject_public_key_info(octets));
  } else {
    require(key.error() != DkimKeyFault::kNone && !describe(key.error()).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  read_as_key({data, size});
  if (const auto decoded = decode_base64(octets)) {
    require(decoded->size() <= size / 4 * 3 + 2);
    read_as_key(*decoded);
  }
  if (const auto selector = parse_selector(octets)) {
    require(selector->to_text() == octets && selector->label_count() > 0);
  }

  const auto record = parse_dkim_key(octets);
  const auto with_semicolon = parse_dkim_key(octets + ";");
  if (!record) {
    require(record.error().offset <= size && !record.error().reason.empty());
    return 0;
  }
  // One semicolon may stand at the end.
  const std::size_t last = octets.find_last_not_of(" \t\r\n");
  if (last != std::string::npos && octets[last] != ';')
    require(with_semicolon && with_semicolon->bits == record->bits);
  require((record->state == DkimKeyState::kMalformed) == (record->fault != DkimKeyFault::kNone));
  const bool is_read = record->state == DkimKeyState::kPresent && record->type != DkimKeyType::kOther;
  require(is_read == (record->bits > 0));
  require(record->bits <= size * 6);
  if (record->is_usable()) require(is_read && record->is_for_mail() && record->allows_sha256());
  if (record->type == DkimKeyType::kEd25519 && is_read) require(record->bits == 256);
  return 0;
}
