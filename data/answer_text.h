// An RR of an answer as a line of text, and back: the form of the table `answer` (schema.sql).
//
// Names are written in lower case, and relative to the domain where they are it or stand below it, so that
// the same answer of many domains is the same text. What compares equal by docs/measurement-method.md section
// 2 is kept, the rest is not: TTL, letter case of names, and where a TXT RR's strings begin. The text is
// printable ASCII without line feeds, whatever octets the RR has. Errors of reading are a phrase for a
// person.
#pragma once

#include <string>
#include <string_view>

#include "resolver/dns/lookup_outcome.h"
#include "resolver/dns/result.h"

namespace dauth::data {

// Borrowed for the time of a call.
struct AnswerNames {
  const dns::DomainName& qname;   // the name asked for
  const dns::DomainName& domain;  // the domain that is surveyed
};

// Append "TXT v=spf1 -all", "_dmarc.@ CNAME d.example.net." to `out`: every answer of a survey comes here.
void append_record(std::string& out, const dns::ResourceRecord& record, const AnswerNames& names);
// The same of a TXT or SPF RR whose strings the caller has joined already.
void append_text_record(std::string& out, const dns::ResourceRecord& record, std::string_view joined,
                        const AnswerNames& names);
Result<dns::ResourceRecord, std::string> read_record(std::string_view line, const AnswerNames& names);

// The data of an RR for a reader: the strings of TXT and SPF joined, as octets; MX, addresses and targets in
// presentation form; all other by RFC 3597 section 5.
std::string rdata_for_reader(const dns::ResourceRecord& record);

// "TXT" or "TYPE65280"; nothing for a text that names no type.
Result<dns::RrType, std::string> rr_type_from_text(std::string_view text);

}  // namespace dauth::data
