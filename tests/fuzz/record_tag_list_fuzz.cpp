// Tag=value lists and the policies made of them: no crash, slices inside the text and in its order, and the
// strict reading a part of the other.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/record/domainkeys_policy.h"
#include "scanner/record/tag_list.h"

namespace {

using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  const std::string_view text(octets);
  const auto tags = parse_tag_list(text, TagValues::kUnjudged);
  const auto strict = parse_tag_list(text, TagValues::kByGrammar);
  if (strict) require(tags && *tags == *strict);
  if (!strict) require(strict.error().offset <= text.size());
  if (is_adsp_record(text)) require(strict && text.starts_with("dkim"));
  if (!tags) {
    require(tags.error().offset <= text.size());
    require(!is_domainkeys_policy(text) && !is_signing_policy(text));
    return 0;
  }
  require(!tags->empty());
  std::size_t behind = 0;
  for (const Tag& tag : *tags) {
    require(tag.offset >= behind && !tag.name.empty());
    behind = tag.offset + tag.name.size();
    require(behind < text.size() && text.substr(tag.offset, tag.name.size()) == tag.name);
    require(tag.value.find(';') == std::string_view::npos);
  }
  return 0;
}
