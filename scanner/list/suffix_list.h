// SuffixList: the ICANN part of the public suffix list (publicsuffix.org); the only includer of libpsl.
//
// Immutable. Reads the file of Debian's publicsuffix package, or takes what libpsl was built with where that
// is not there. Names go in as labels in lower-case ASCII with dots between.
#pragma once

#include <memory>
#include <string>

#include "resolver/dns/domain_name.h"
#include "resolver/dns/result.h"

namespace dauth::scanner {

class SuffixList {
 public:
  static Result<std::unique_ptr<SuffixList>, std::string> load();
  ~SuffixList();

  // True for what a rule of the ICANN part says, wildcards and exceptions included; false for a top-level
  // domain that has no rule. As libpsl has it, the parent of a wildcard ("kobe.jp" of *.kobe.jp) is one too.
  bool is_public_suffix(const std::string& name) const;

  // "public_suffix_list.dafsa 2023-02-09 xxh128:…" (the file's date and digest) or "libpsl built-in sha1:…".
  const std::string& version() const { return version_; }

 private:
  struct Impl;
  explicit SuffixList(std::unique_ptr<Impl> impl, std::string version);
  std::unique_ptr<Impl> impl_;
  std::string version_;
};

// The last `labels` labels of `name` as is_public_suffix() wants them. Octets that no rule has (dots inside a
// label among them) become `_`, so they match a wildcard and nothing else.
std::string suffix_text(const dns::DomainName& name, std::size_t labels);

}  // namespace dauth::scanner
