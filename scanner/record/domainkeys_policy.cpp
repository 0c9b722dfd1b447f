#include "scanner/record/domainkeys_policy.h"

#include <algorithm>

#include "scanner/record/tag_list.h"

namespace dauth::scanner {
namespace {

bool is_policy_tag(const Tag& tag) {
  return tag.name == "o" || tag.name == "t" || tag.name == "n" || tag.name == "r";
}

}  // namespace

bool is_domainkeys_policy(std::string_view record) {
  const auto tags = parse_tag_list(record, TagValues::kUnjudged);
  return tags && std::all_of(tags->begin(), tags->end(), is_policy_tag);
}

bool is_signing_policy(std::string_view record) {
  const auto tags = parse_tag_list(record, TagValues::kUnjudged);
  return tags && std::any_of(tags->begin(), tags->end(), [](const Tag& tag) { return tag.name == "o"; });
}

bool is_adsp_record(std::string_view record) {
  const auto tags = parse_tag_list(record, TagValues::kByGrammar);
  return tags && tags->front().name == "dkim" && tags->front().offset == 0;
}

}  // namespace dauth::scanner
