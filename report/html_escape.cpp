#include "report/html_escape.h"

#include "report/escape.h"

namespace dauth::report {

std::string markup_text(std::string_view octets) {
  std::string out;
  for (const char c : visible_text(octets)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string island_string(std::string_view octets) {
  std::string out;
  // All of them are part of strings only, never of JSON's own signs.
  for (const char c : json_string(visible_text(octets))) {
    switch (c) {
      case '&':
        out += "\\u0026";
        break;
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace dauth::report
