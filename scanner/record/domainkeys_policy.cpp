#include "scanner/record/domainkeys_policy.h"

#include <algorithm>

namespace dauth::scanner {
namespace {

constexpr std::string_view kDomainkeys = "RFC 4870 section 3.6";
constexpr std::string_view kSigningPolicy = "draft-allman-dkim-ssp-02";
constexpr std::string_view kAdsp = "RFC 5617 section 4.2.1";

bool is_domainkeys_tag(const Tag& tag) {
  return tag.name == "o" || tag.name == "t" || tag.name == "n" || tag.name == "r";
}

}  // namespace

Result<std::vector<Tag>, RecordError> parse_domainkeys_policy(std::string_view record) {
  auto tags = parse_tag_list(record, TagValues::kUnjudged);
  if (!tags) return tags;
  const auto other = std::find_if_not(tags->begin(), tags->end(), is_domainkeys_tag);
  if (other != tags->end()) {
    return unexpected(RecordError{kDomainkeys, other->offset, "tag that is not o, t, n or r"});
  }
  return tags;
}

Result<std::vector<Tag>, RecordError> parse_signing_policy(std::string_view record) {
  auto tags = parse_tag_list(record, TagValues::kUnjudged);
  if (!tags) return tags;
  if (std::none_of(tags->begin(), tags->end(), [](const Tag& tag) { return tag.name == "o"; })) {
    return unexpected(RecordError{kSigningPolicy, record.size(), "tag o is missing"});
  }
  return tags;
}

Result<std::vector<Tag>, RecordError> parse_adsp_record(std::string_view record) {
  auto tags = parse_tag_list(record, TagValues::kByGrammar);
  if (!tags) return tags;
  if (tags->front().name != "dkim") {
    return unexpected(RecordError{kAdsp, tags->front().offset, "first tag is not dkim"});
  }
  if (tags->front().offset != 0) {
    return unexpected(RecordError{kAdsp, 0, "white space before the tag dkim"});
  }
  return tags;
}

bool is_domainkeys_policy(std::string_view record) {
  return parse_domainkeys_policy(record).has_value();
}

bool is_signing_policy(std::string_view record) {
  return parse_signing_policy(record).has_value();
}

bool is_adsp_record(std::string_view record) {
  return parse_adsp_record(record).has_value();
}

}  // namespace dauth::scanner
