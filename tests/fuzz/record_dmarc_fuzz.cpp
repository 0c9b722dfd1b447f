// DMARC records: no crash, errors inside the text, and a semicolon more at the end changes nothing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "scanner/record/dmarc_record.h"
#include "scanner/record/report_uri.h"

namespace {

using namespace dauth::scanner;

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string octets(data, data + size);
  const std::string_view text(octets);
  const auto whole = report_uri(text, 7);
  require(whole ? text.starts_with(*whole)
                : whole.error().offset >= 7 && whole.error().offset <= 7 + text.size());
  const auto record = parse_dmarc(text);
  const auto with_semicolon = parse_dmarc(octets + ";");
  require(record.has_value() == with_semicolon.has_value());
  const auto reading = read_dmarc(text);
  require(reading.has_value() == is_dmarc_record(text));
  if (reading) {
    require(reading->unusable ? record.error() == *reading->unusable : record == reading->record);
    for (const DmarcTag& tag : reading->tags) require(text.substr(tag.offset).starts_with(tag.name));
  }
  if (!record) {
    require(record.error().offset <= text.size() && record.error() == with_semicolon.error());
    require((record.error().section == "RFC 9989 section 4.7") == !is_dmarc_record(text));
    return 0;
  }
  require(is_dmarc_record(text));
  for (const RecordError& error : record->ignored) require(error.offset <= text.size());
  for (const std::string& uri : record->aggregate_report_uris) require(report_uri(uri, 0) == uri);
  for (const std::string& uri : record->failure_report_uris) require(report_uri(uri, 0) == uri);
  if (record->policy_source != DmarcPolicySource::kPublished) require(record->policy == DmarcPolicy::kNone);

  DmarcRecord left = *record;
  DmarcRecord right = *with_semicolon;
  left.ignored.clear();
  right.ignored.clear();
  require(left == right);
  return 0;
}
