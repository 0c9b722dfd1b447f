#include "tests/support/registry/punycode.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace dauth::testing {
namespace {

// RFC 3492 section 5.
constexpr std::uint32_t kBase = 36;
constexpr std::uint32_t kTMin = 1;
constexpr std::uint32_t kTMax = 26;
constexpr std::uint32_t kSkew = 38;
constexpr std::uint32_t kDamp = 700;
constexpr std::uint32_t kInitialBias = 72;
constexpr std::uint32_t kInitialN = 128;

std::vector<std::uint32_t> code_points(std::string_view text) {
  std::vector<std::uint32_t> points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i++]);
    const int following = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    std::uint32_t point = following == 0 ? lead : lead & (0x3fU >> following);
    for (int k = 0; k < following && i < text.size(); ++k) {
      point = (point << 6) | (static_cast<unsigned char>(text[i++]) & 0x3fU);
    }
    points.push_back(point);
  }
  return points;
}

// RFC 3492 section 6.1.
std::uint32_t adapt(std::uint32_t delta, std::uint32_t points, bool first) {
  delta = first ? delta / kDamp : delta / 2;
  delta += delta / points;
  std::uint32_t k = 0;
  while (delta > ((kBase - kTMin) * kTMax) / 2) {
    delta /= kBase - kTMin;
    k += kBase;
  }
  return k + (((kBase - kTMin + 1) * delta) / (delta + kSkew));
}

char digit(std::uint32_t value) {
  return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26));
}

void append_variable_length(std::string& out, std::uint32_t value, std::uint32_t bias) {
  for (std::uint32_t k = kBase;; k += kBase) {
    const std::uint32_t threshold = k <= bias ? kTMin : std::min(k - bias, kTMax);
    if (value < threshold) break;
    out += digit(threshold + (value - threshold) % (kBase - threshold));
    value = (value - threshold) / (kBase - threshold);
  }
  out += digit(value);
}

}  // namespace

// RFC 3492 section 6.3.
std::string to_a_label(std::string_view u_label) {
  const std::vector<std::uint32_t> points = code_points(u_label);
  std::string out;
  for (const std::uint32_t point : points) {
    if (point < kInitialN) out += static_cast<char>(point);
  }
  if (out.size() == points.size()) return out;
  const auto basic = static_cast<std::uint32_t>(out.size());
  if (basic > 0) out += '-';
  std::uint32_t handled = basic;
  std::uint32_t n = kInitialN;
  std::uint32_t delta = 0;
  std::uint32_t bias = kInitialBias;
  while (handled < points.size()) {
    std::uint32_t next = std::numeric_limits<std::uint32_t>::max();
    for (const std::uint32_t point : points) {
      if (point >= n) next = std::min(next, point);
    }
    delta += (next - n) * (handled + 1);
    n = next;
    for (const std::uint32_t point : points) {
      if (point < n) ++delta;
      if (point == n) {
        append_variable_length(out, delta, bias);
        bias = adapt(delta, handled + 1, handled == basic);
        delta = 0;
        ++handled;
      }
    }
    ++delta;
    ++n;
  }
  return "xn--" + out;
}

std::string to_a_name(std::string_view u_name) {
  std::string out;
  while (true) {
    const std::size_t dot = u_name.find('.');
    out += to_a_label(u_name.substr(0, dot));
    if (dot == std::string_view::npos) return out;
    out += '.';
    u_name.remove_prefix(dot + 1);
  }
}

}  // namespace dauth::testing
