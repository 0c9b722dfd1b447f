#include "resolver/dns/ldns_message.h"

#include <ldns/ldns.h>

#include <memory>

namespace dauth::dns {
namespace {

struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};

std::optional<ResourceRecord> to_record(const ldns_rr& rr) {
  const ldns_rdf* owner = ldns_rr_owner(&rr);
  auto name = DomainName::from_wire({ldns_rdf_data(owner), ldns_rdf_size(owner)});
  if (!name) return std::nullopt;
  ResourceRecord record{std::move(*name), static_cast<RrType>(ldns_rr_get_type(&rr)), {}};
  // ldns keeps the RDATA as fields with their names decompressed: joined they are the uncompressed wire form.
  std::size_t length = 0;
  for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) length += ldns_rdf_size(ldns_rr_rdf(&rr, i));
  record.rdata.reserve(length);
  for (std::size_t i = 0; i < ldns_rr_rd_count(&rr); ++i) {
    const ldns_rdf* field = ldns_rr_rdf(&rr, i);
    record.rdata.insert(record.rdata.end(), ldns_rdf_data(field),
                        ldns_rdf_data(field) + ldns_rdf_size(field));
  }
  return record;
}

}  // namespace

std::optional<ParsedMessage> parse_message(std::span<const std::uint8_t> packet) {
  ldns_pkt* raw = nullptr;
  const ldns_status status = ldns_wire2pkt(&raw, packet.data(), packet.size());
  const std::unique_ptr<ldns_pkt, FreePacket> message(raw);
  if (status != LDNS_STATUS_OK || !message) return std::nullopt;

  ParsedMessage parsed;
  parsed.rcode =
      static_cast<std::uint16_t>((static_cast<unsigned>(ldns_pkt_edns_extended_rcode(message.get())) << 4) |
                                 ldns_pkt_get_rcode(message.get()));
  const ldns_rr_list* answers = ldns_pkt_answer(message.get());
  const std::size_t count = ldns_rr_list_rr_count(answers);
  parsed.answers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const ldns_rr* rr = ldns_rr_list_rr(answers, i);
    if (ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN) continue;
    auto record = to_record(*rr);
    if (!record) return std::nullopt;
    parsed.answers.push_back(std::move(*record));
  }
  const ldns_rr_list* authority = ldns_pkt_authority(message.get());
  for (std::size_t i = 0; i < ldns_rr_list_rr_count(authority); ++i) {
    const ldns_rr_type type = ldns_rr_get_type(ldns_rr_list_rr(authority, i));
    parsed.authority_has_soa |= type == LDNS_RR_TYPE_SOA;
    parsed.authority_has_ns |= type == LDNS_RR_TYPE_NS;
  }
  return parsed;
}

}  // namespace dauth::dns
