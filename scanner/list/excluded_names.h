// ExcludedNames: names whose operators asked to be left out, with everything below them.
//
// Files are read as plain lists (list_reader.h: IDN, case, trailing dot, comments, packed or not). A line
// that is no name is an error and not passed over: who asked to be left out must not be asked because of a
// typo. A file without any name is none: lists of this kind begin empty.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_set>
#include <vector>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"

namespace dauth::scanner {

class ExcludedNames {
 public:
  // Nothing is excluded.
  ExcludedNames() = default;

  // The names of all files; "-" is standard input. The error is one line for a person, "FILE:LINE: reason".
  static Result<ExcludedNames, std::string> read(const std::vector<std::string>& paths);

  void add(const dns::DomainName& name) { names_.insert(name); }
  // True for these names and what stands below them.
  bool covers(const dns::DomainName& name) const;
  std::size_t size() const { return names_.size(); }

 private:
  std::unordered_set<dns::DomainName> names_;
};

}  // namespace dauth::scanner
