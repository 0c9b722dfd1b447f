// The policies under `_domainkey`: no crash, errors inside the text, and each policy a tag list of its kind.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/record/domainkeys_policy.h"

namespace {

using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

// The tags, or none where the text is no such policy.
std::vector<Tag> check(const dauth::Result<std::vector<Tag>, RecordError>& tags, bool recognised,
                       std::string_view text) {
  require(tags.has_value() == recognised);
  if (!tags) {
    require(tags.error().offset <= text.size());
    require(!tags.error().section.empty() && !tags.error().reason.empty());
    return {};
  }
  require(!tags->empty());
  for (const Tag& tag : *tags) {
    require(text.substr(tag.offset, tag.name.size()) == tag.name);
    require(tag.value.empty() || (tag.value.data() > text.data() &&
                                  tag.value.data() + tag.value.size() <= text.data() + text.size()));
  }
  return *tags;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  const std::string_view text(octets);
  const auto domainkeys = check(parse_domainkeys_policy(text), is_domainkeys_policy(text), text);
  for (const Tag& tag : domainkeys)
    require(std::string_view("otnr").find(tag.name) != std::string_view::npos);
  require(domainkeys.size() <= 4);

  const auto signing = check(parse_signing_policy(text), is_signing_policy(text), text);
  const auto is_o = [](const Tag& tag) { return tag.name == "o"; };
  require(signing.empty() || std::count_if(signing.begin(), signing.end(), is_o) == 1);
  // A DomainKeys policy with `o` is a signing policy too.
  if (std::any_of(domainkeys.begin(), domainkeys.end(), is_o)) require(signing == domainkeys);

  const auto adsp = check(parse_adsp_record(text), is_adsp_record(text), text);
  require(adsp.empty() || (text.starts_with("dkim") && adsp.front().name == "dkim"));
  return 0;
}
