#include "resolver/dns/ldns_message.h"

#include <ldns/ldns.h>

#include <algorithm>
#include <memory>

#include "resolver/dns/message_walker.h"
#include "resolver/dns/rdata_shape.h"

namespace dauth::dns {
namespace {

struct FreeRecord {
  void operator()(ldns_rr* record) const { ldns_rr_free(record); }
};

std::optional<DomainName> to_name(const ldns_rdf& field) {
  auto name = DomainName::from_wire({ldns_rdf_data(&field), ldns_rdf_size(&field)});
  if (!name) return std::nullopt;
  return std::move(*name);
}

// ldns allocates RDLENGTH octets for each character-string (version 1.8.3): 4 GB for a TXT RR of 65,000
// empty ones. There are no names in this RDATA, so it is copied as it stands.
std::optional<ResourceRecord> read_strings(std::span<const std::uint8_t> packet, const RecordView& view) {
  for (std::size_t at = view.rdata_at; at < view.end; at += packet[at] + 1U) {
    if (packet[at] >= view.end - at) return std::nullopt;
  }
  const auto rdata = packet.subspan(view.rdata_at, view.end - view.rdata_at);
  return ResourceRecord{name_at(packet, view.owner_at), view.type, {rdata.begin(), rdata.end()}};
}

// Most answers of a survey are MX and CNAME RRs: octets, and one name that ends the RDATA. The walk has found
// where names end, so that they only need to be copied, for a fifth of what ldns takes.
bool ends_with_its_only_name(RrType type) {
  return type == RrType::kMx || type == RrType::kCname || type == RrType::kDname;
}

std::optional<ResourceRecord> read_name_at_end(std::span<const std::uint8_t> packet, const RecordView& view) {
  const std::size_t at = view.rdata_at + rdata_shape(view.type).before;
  if (end_of_name(packet.first(view.end), at) != view.end) return std::nullopt;
  const DomainName name = name_at(packet, at);
  ResourceRecord record{name_at(packet, view.owner_at), view.type, {}};
  record.rdata.reserve(at - view.rdata_at + name.wire_length());
  const auto before = packet.subspan(view.rdata_at, at - view.rdata_at);
  record.rdata.assign(before.begin(), before.end());
  record.rdata.insert(record.rdata.end(), name.wire().begin(), name.wire().end());
  return record;
}

std::optional<ResourceRecord> read_record(std::span<const std::uint8_t> packet, const RecordView& view) {
  if (has_character_strings(view.type)) return read_strings(packet, view);
  if (ends_with_its_only_name(view.type)) return read_name_at_end(packet, view);
  if (!names_fit(packet, view)) return std::nullopt;
  ldns_rr* raw = nullptr;
  std::size_t at = view.owner_at;
  const ldns_status status = ldns_wire2rr(&raw, packet.data(), packet.size(), &at, LDNS_SECTION_ANSWER);
  if (status != LDNS_STATUS_OK) return std::nullopt;
  const std::unique_ptr<ldns_rr, FreeRecord> rr(raw);
  // ldns stops at the last field that the type has, or where RDLENGTH ends, and calls either well.
  const ldns_rr_descriptor* descriptor = ldns_rr_descript(static_cast<std::uint16_t>(view.type));
  if (at != view.end || ldns_rr_rd_count(rr.get()) < ldns_rr_descriptor_minimum(descriptor)) {
    return std::nullopt;
  }
  auto owner = to_name(*ldns_rr_owner(rr.get()));
  if (!owner) return std::nullopt;
  ResourceRecord record{std::move(*owner), view.type, {}};
  // ldns keeps the RDATA as fields with their names decompressed: joined they are the uncompressed wire form.
  std::size_t length = 0;
  for (std::size_t i = 0; i < ldns_rr_rd_count(rr.get()); ++i) {
    length += ldns_rdf_size(ldns_rr_rdf(rr.get(), i));
  }
  record.rdata.reserve(length);
  for (std::size_t i = 0; i < ldns_rr_rd_count(rr.get()); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(rr.get(), i);
    record.rdata.insert(record.rdata.end(), ldns_rdf_data(field),
                        ldns_rdf_data(field) + ldns_rdf_size(field));
  }
  return record;
}

}  // namespace

std::optional<std::vector<ResourceRecord>> parse_answers(std::span<const std::uint8_t> packet, std::size_t at,
                                                         unsigned count) {
  std::vector<ResourceRecord> answers;
  constexpr unsigned kUsual = 16;  // not what a count claims: that may be a lie
  answers.reserve(std::min(count, kUsual));
  MessageWalker walker(packet, at);
  for (unsigned i = 0; i < count; ++i) {
    const auto view = walker.next_record();
    if (!view) return std::nullopt;
    if (view->rr_class != kClassIn) continue;
    auto record = read_record(packet, *view);
    if (!record) return std::nullopt;
    answers.push_back(std::move(*record));
  }
  return answers;
}

}  // namespace dauth::dns
