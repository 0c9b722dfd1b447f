#include "report/utf8.h"

#include <cstddef>

namespace dauth::report {
namespace {

struct Form {
  std::size_t length;
  char32_t first_bits;
  char32_t smallest;  // below it, the form is overlong
};

std::optional<Form> form_of(unsigned char lead) {
  if (lead < 0x80) return Form{1, lead, 0};
  if (lead >= 0xc2 && lead < 0xe0) return Form{2, char32_t{lead} & 0x1f, 0x80};
  if (lead >= 0xe0 && lead < 0xf0) return Form{3, char32_t{lead} & 0x0f, 0x800};
  if (lead >= 0xf0 && lead < 0xf5) return Form{4, char32_t{lead} & 0x07, 0x10000};
  return std::nullopt;
}

}  // namespace

Utf8Character Utf8Reader::next() {
  const auto take = [&](std::size_t length, std::optional<char32_t> scalar) {
    Utf8Character character{scalar, rest_.substr(0, length)};
    rest_.remove_prefix(length);
    return character;
  };
  const auto form = form_of(static_cast<unsigned char>(rest_.front()));
  if (!form || rest_.size() < form->length) return take(1, std::nullopt);
  char32_t scalar = form->first_bits;
  for (std::size_t i = 1; i < form->length; ++i) {
    const auto octet = static_cast<unsigned char>(rest_[i]);
    if ((octet & 0xc0) != 0x80) return take(1, std::nullopt);
    scalar = (scalar << 6) | (octet & 0x3f);
  }
  const bool is_surrogate = scalar >= 0xd800 && scalar <= 0xdfff;
  if (scalar < form->smallest || scalar > 0x10ffff || is_surrogate) return take(1, std::nullopt);
  return take(form->length, scalar);
}

}  // namespace dauth::report
