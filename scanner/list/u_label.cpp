#include "scanner/list/u_label.h"

#include <idn2.h>

#include <algorithm>
#include <memory>

namespace dauth::scanner {
namespace {

struct FreeIdn2 {
  void operator()(std::uint8_t* text) const { idn2_free(text); }
};

bool is_host_octet(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

}  // namespace

Result<std::string, std::string> to_a_label(std::string_view utf8) {
  // A label of 63 octets has at most 59 characters behind "xn--"; mapping may join some, but not this many.
  // libidn2's time grows with the square of the length.
  constexpr std::size_t kLongest = 1024;
  if (utf8.size() > kLongest) return unexpected<std::string>("label longer than 63 octets");
  const std::string label(utf8);  // libidn2 wants a terminating zero
  if (label.find('\0') != std::string::npos) return unexpected<std::string>("control character");
  std::uint8_t* raw = nullptr;
  const int status = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(label.c_str()), &raw,
                                    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<std::uint8_t, FreeIdn2> text(raw);
  if (status != IDN2_OK) {
    if (status == IDN2_TOO_BIG_LABEL || status == IDN2_TOO_BIG_DOMAIN || status == IDN2_PUNYCODE_BIG_OUTPUT) {
      return unexpected<std::string>("label longer than 63 octets");
    }
    if (status == IDN2_ENCODING_ERROR) return unexpected<std::string>("invalid UTF-8");
    return unexpected(std::string("no internationalized label: ") + idn2_strerror(status));
  }
  std::string result(reinterpret_cast<const char*>(text.get()));
  // Some characters are mapped to nothing, or to ASCII that would change what the name is: dots and the like.
  // ASCII characters stand in an A-label as they are, so they are seen here. (IDN2_USE_STD3_ASCII_RULES would
  // drop them without a word.)
  if (result.empty() || !std::ranges::all_of(result, is_host_octet)) {
    return unexpected<std::string>(
        "no internationalized label: a character in it stands for nothing or for punctuation");
  }
  return result;
}

}  // namespace dauth::scanner
