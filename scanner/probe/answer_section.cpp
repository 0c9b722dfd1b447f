#include "scanner/probe/answer_section.h"

#include <algorithm>
#include <optional>
#include <span>

#include "resolver/dns/ascii_case.h"
#include "resolver/dns/dname.h"
#include "resolver/dns/rdata_shape.h"

namespace dauth::scanner {
namespace {

using dns::DomainName;
using dns::ResourceRecord;
using dns::RrType;

// No wire form of a name is one octet of this value, so no real name can pass for the placeholder.
constexpr char kPlaceholder = '\xff';

// The qname and what DNAMEs on the chain made of it.
class QnameImages {
 public:
  explicit QnameImages(const DomainName& qname) : names_{qname}, current_(qname) {}

  void follow(const ResourceRecord& record) {
    const auto target = DomainName::from_wire(record.rdata);
    if (!target) return;
    if (record.type == RrType::kDname) {
      const auto image = dns::substitute_dname(current_, record.owner, *target);
      if (!image) return;
      if (contains(current_)) names_.push_back(*image);
      current_ = *image;  // the CNAME that says so may be missing
    } else if (record.type == RrType::kCname) {
      current_ = *target;
    }
  }
  bool contains(const DomainName& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }

 private:
  std::vector<DomainName> names_;
  DomainName current_;
};

void append_name(std::string& text, const DomainName& name, const QnameImages& images) {
  if (images.contains(name)) {
    text += kPlaceholder;
    return;
  }
  for (const std::uint8_t octet : name.wire()) text += static_cast<char>(dns::to_lower(octet));
}

// The length of the name at the start of uncompressed wire form; nothing where none is whole.
std::optional<std::size_t> name_length(std::span<const std::uint8_t> octets) {
  std::size_t at = 0;
  while (at < octets.size()) {
    if (octets[at] == 0) return at + 1;
    at += octets[at] + 1U;
  }
  return std::nullopt;
}

void append_rdata(std::string& text, const ResourceRecord& record, const QnameImages& images) {
  const auto append_octets = [&](std::span<const std::uint8_t> octets) {
    text.append(reinterpret_cast<const char*>(octets.data()), octets.size());
  };
  std::span<const std::uint8_t> rest(record.rdata);
  if (dns::has_character_strings(record.type)) {
    text += dns::join_character_strings(record.rdata);
    return;
  }
  const dns::RdataShape shape = dns::rdata_shape(record.type);
  if (rest.size() < shape.before) return append_octets(rest);
  append_octets(rest.first(shape.before));
  rest = rest.subspan(shape.before);
  for (unsigned i = 0; i < shape.names; ++i) {
    const auto length = name_length(rest);
    if (!length) break;
    const auto name = DomainName::from_wire(rest.first(*length));
    if (!name) break;
    append_name(text, *name, images);
    rest = rest.subspan(*length);
  }
  append_octets(rest);
}

}  // namespace

AnswerSection::AnswerSection(const dns::LookupOutcome& outcome, const DomainName& qname) {
  std::vector<const ResourceRecord*> records;
  QnameImages images(qname);
  const auto add_chain = [&](const std::vector<ResourceRecord>& chain) {
    for (const ResourceRecord& record : chain) {
      images.follow(record);
      records.push_back(&record);
    }
  };
  if (const auto* answer = std::get_if<dns::Answer>(&outcome)) {
    add_chain(answer->chain);
    for (const ResourceRecord& record : answer->rrset) records.push_back(&record);
  } else if (const auto* no_data = std::get_if<dns::NoData>(&outcome)) {
    add_chain(no_data->chain);
  }
  for (const ResourceRecord* record : records) {
    std::string text;
    append_name(text, record->owner, images);
    const auto type = static_cast<std::uint16_t>(record->type);
    text += static_cast<char>(type >> 8);
    text += static_cast<char>(type & 0xff);
    append_rdata(text, *record, images);
    records_.push_back(std::move(text));
  }
  std::sort(records_.begin(), records_.end());
  records_.erase(std::unique(records_.begin(), records_.end()), records_.end());
}

}  // namespace dauth::scanner
