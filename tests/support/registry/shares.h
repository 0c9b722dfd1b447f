// How many names of each category and of each kind a registry gets.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dauth::testing {

struct Share {
  std::string name;  // a category's code or a kind's name
  double weight = 0;
};

struct Quota {
  std::string name;
  std::size_t count = 0;
};

// A table "name,weight" with a header line; `#` begins a comment line. Throws std::runtime_error, naming the
// line, where it is another.
std::vector<Share> read_shares(const std::filesystem::path& file);

// Divides `total` by weight, so that it adds up and each share gets at least `least`. Throws
// std::runtime_error where `total` is too small for that.
std::vector<Quota> divide(const std::vector<Share>& shares, std::size_t total, std::size_t least);

}  // namespace dauth::testing
