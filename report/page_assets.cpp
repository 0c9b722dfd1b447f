#include "report/page_assets.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

// Made when building, from the folder of generated headers.
#include <report/chart_library_asset.h>
#include <report/chart_licence_asset.h>
#include <report/page_script_asset.h>
#include <report/page_style_asset.h>

namespace dauth::report {
namespace {

constexpr std::size_t kDigestOctets = 32;

std::array<std::uint8_t, kDigestOctets> octets_of(std::string_view hex) {
  std::array<std::uint8_t, kDigestOctets> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const std::string_view two = hex.substr(2 * i, 2);
    std::from_chars(two.data(), two.data() + two.size(), octets[i], 16);
  }
  return octets;
}

// RFC 4648 section 4. 32 octets leave two over: three characters and one of padding.
std::string base64(const std::array<std::uint8_t, kDigestOctets>& octets) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8U | (i + k < octets.size() ? octets[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      const bool is_padding = i + k > octets.size();
      out += is_padding ? '=' : kDigits[group >> (18 - 6 * k) & 63U];
    }
  }
  return out;
}

}  // namespace

Asset chart_library() {
  return {kChartLibraryText, kChartLibrarySha256};
}

Asset page_script() {
  return {kPageScriptText, kPageScriptSha256};
}

Asset page_style() {
  return {kPageStyleText, kPageStyleSha256};
}

std::string_view chart_library_licence() {
  return kChartLicenceText;
}

std::string csp_source(const Asset& asset) {
  return "'sha256-" + base64(octets_of(asset.sha256)) + "'";
}

}  // namespace dauth::report
