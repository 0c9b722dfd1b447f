#include "scanner/list/categorizer.h"

#include <utility>

#include "scanner/list/categorizers.h"
#include "scanner/list/suffix_list.h"

namespace dauth::scanner {

std::optional<data::Category> Categorizer::from_list(std::string_view code) const {
  // TOTAL is the tables' row over all categories.
  if (code == data::Category::total().code()) return std::nullopt;
  return data::Category::from_text(code);
}

Result<std::unique_ptr<Categorizer>, std::string> make_categorizer(std::string_view option) {
  if (option != "jp" && option != "suffix") return make_file_categorizer(std::string(option));
  auto suffixes = SuffixList::load();
  if (!suffixes) return unexpected(std::move(suffixes.error()));
  if (option == "jp") return make_jp_categorizer(std::move(*suffixes));
  return make_suffix_categorizer(std::move(*suffixes));
}

}  // namespace dauth::scanner
