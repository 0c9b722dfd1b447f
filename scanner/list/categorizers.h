// The makers behind make_categorizer() of categorizer.h, one for each kind.
#pragma once

#include <memory>
#include <string>

#include "resolver/dns/result.h"
#include "scanner/list/categorizer.h"

namespace dauth::scanner {

class SuffixList;

std::unique_ptr<Categorizer> make_jp_categorizer(std::unique_ptr<SuffixList> suffixes);
std::unique_ptr<Categorizer> make_suffix_categorizer(std::unique_ptr<SuffixList> suffixes);
Result<std::unique_ptr<Categorizer>, std::string> make_file_categorizer(const std::string& path);

}  // namespace dauth::scanner
