// CLI11's validator of a parser: the option's value is refused for the parser's reason.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <utility>

namespace dauth::scanner::cli {

// Refuses what `parse` (a Result with a std::string for its error) refuses.
template <class Parse>
CLI::Validator accepted_by(Parse parse, std::string type_name) {
  return CLI::Validator(
      [parse](std::string& text) {
        const auto value = parse(text);
        return value ? std::string() : value.error();
      },
      std::move(type_name));
}

}  // namespace dauth::scanner::cli
