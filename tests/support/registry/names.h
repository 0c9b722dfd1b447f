// Names as a registry of `.jp` hands them out, by category and without repetition.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

#include "tests/support/registry/domain_kinds.h"
#include "tests/support/registry/random.h"

namespace dauth::testing {

class NameMaker {
 public:
  explicit NameMaker(Random& random) : random_(random) {}

  // A name of the category, "sakura-denki.co.jp", with U-labels where it is Japanese. The longer shapes are
  // names of GENERAL.
  std::string make(std::string_view category, NameShape shape);

 private:
  std::string candidate(std::string_view category, NameShape shape);
  std::string label();
  std::string japanese_label();
  std::string geographic();
  std::string local_government();
  std::string long_name(std::size_t wire_length);

  Random& random_;
  std::unordered_set<std::string> made_;
};

}  // namespace dauth::testing
