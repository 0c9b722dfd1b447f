#include "report/domain_export.h"

#include <functional>
#include <span>

#include "data/answer_text.h"
#include "data/finding.h"
#include "report/escape.h"

namespace dauth::report {
namespace {

using data::Metric;

// One CSV field after another.
class CsvLine {
 public:
  explicit CsvLine(std::string& out) : out_(&out) {}

  CsvLine& operator<<(std::string_view text) {
    if (!is_first_) *out_ += ',';
    is_first_ = false;
    *out_ += text;
    return *this;
  }

 private:
  std::string* out_;
  bool is_first_ = true;
};

// The members of a JSON object. Values are fixed words unless they come through json_string().
class JsonObject {
 public:
  explicit JsonObject(std::string& out) : out_(&out) { *out_ += '{'; }
  JsonObject(const JsonObject&) = delete;
  JsonObject& operator=(const JsonObject&) = delete;
  ~JsonObject() { *out_ += '}'; }

  void raw(std::string_view name, std::string_view value) {
    key(name);
    *out_ += value;
  }
  void word(std::string_view name, std::string_view value) {
    key(name);
    *out_ += '"';
    *out_ += value;
    *out_ += '"';
  }
  void number(std::string_view name, std::uint64_t value) {
    key(name);
    *out_ += std::to_string(value);
  }
  JsonObject object(std::string_view name) {
    key(name);
    return JsonObject(*out_);
  }
  // Calls write(element, out) for each; every call writes one value.
  template <class Elements, class Write>
  void array(std::string_view name, const Elements& elements, Write write) {
    key(name);
    *out_ += '[';
    bool first = true;
    for (const auto& element : elements) {
      if (!first) *out_ += ',';
      first = false;
      write(element, *out_);
    }
    *out_ += ']';
  }

 private:
  void key(std::string_view name) {
    if (!is_first_) *out_ += ',';
    is_first_ = false;
    *out_ += '"';
    *out_ += name;
    *out_ += "\":";
  }

  std::string* out_;
  bool is_first_ = true;
};

void append_record(const dns::ResourceRecord& record, std::string& out) {
  JsonObject json(out);
  json.raw("owner", json_string(record.owner.to_text()));
  json.word("type", dns::to_text(record.type));
  json.raw("data", json_string(data::rdata_for_reader(record)));
}

void append_question(const AskedQuestion& asked, std::string& out) {
  JsonObject json(out);
  json.raw("name", json_string(asked.question.name.to_text()));
  json.word("type", dns::to_text(asked.question.type));
  if (!asked.purpose.empty()) json.raw("purpose", json_string(asked.purpose));
  json.raw("outcome", json_string(dns::describe(asked.outcome)));
  if (const auto* answer = std::get_if<dns::Answer>(&asked.outcome)) {
    json.array("chain", answer->chain, append_record);
    json.array("records", std::span(answer->rrset).first(answer->rrset.size() - asked.unread), append_record);
    if (asked.unread > 0) json.number("unread", asked.unread);
  } else if (const auto* no_data = std::get_if<dns::NoData>(&asked.outcome)) {
    json.array("chain", no_data->chain, append_record);
  }
}

// The probe that a question belongs to, by its name and type. TXT at the domain is the SPF probe's, though it
// is the first question whatever is measured.
enum class Probe : std::uint8_t { kMx, kSpf, kDomainkeys, kDmarc };

Probe probe_of(const AskedQuestion& asked, std::string_view domain) {
  if (asked.is_of_mx_host) return Probe::kMx;
  const dns::Question& question = asked.question;
  const std::string name = question.name.lowercased().to_text();
  if (name == domain) return question.type == dns::RrType::kMx ? Probe::kMx : Probe::kSpf;
  return name.starts_with("_dmarc.") && name.size() == domain.size() + 7 ? Probe::kDmarc : Probe::kDomainkeys;
}

}  // namespace

std::string_view domain_csv_header() {
  return "domain,category,mx,null_mx,spf,spf_txt,spf_type99,spf_record,spf_all,sender_id,domainkeys_"
         "subdomain,"
         "domainkeys_policy,domainkeys_evidence,dkim_policy,dmarc,dmarc_policy,exists,mx_address_literal,"
         "dmarc_multiple,dmarc_invalid,cause,name_server_operator,spf_multiple,spf_invalid,domainkeys_by_a,"
         "dmarc_rua,dmarc_testing,mx_ipv6,mx_no_address\n";
}

void append_domain_csv(std::string& out, const data::DomainRow& row) {
  const data::Observation& found = row.observation;
  const auto state = [&](Metric metric) { return to_text(found[metric].state); };
  CsvLine line(out);
  line << csv_field(row.domain) << csv_field(row.category.code());
  line << state(Metric::kMx) << state(Metric::kNullMx);
  line << state(Metric::kSpf) << state(Metric::kSpfTxt) << state(Metric::kSpfType99)
       << state(Metric::kSpfRecord) << spf_all_text(found) << state(Metric::kSenderId);
  line << state(Metric::kDomainkeysSubdomain) << state(Metric::kDomainkeysPolicy)
       << to_text(found.domainkeys_evidence) << state(Metric::kDkimPolicy);
  line << state(Metric::kDmarc) << dmarc_policy_text(found);
  line << state(Metric::kExists) << state(Metric::kMxAddressLiteral) << state(Metric::kDmarcMultiple)
       << state(Metric::kDmarcInvalid) << to_text(first_cause(found));
  line << csv_field(row.name_server_operator) << state(Metric::kSpfMultiple) << state(Metric::kSpfInvalid)
       << state(Metric::kDomainkeysByA) << state(Metric::kDmarcRua) << state(Metric::kDmarcTesting);
  line << state(Metric::kMxIpv6) << state(Metric::kMxNoAddress);
  out += '\n';
}

void append_domain_json(std::string& out, const data::DomainRow& row, const DomainEvidence& evidence) {
  const data::Observation& found = row.observation;
  const auto add = [&](JsonObject& object, Metric metric) {
    object.word(to_text(metric), to_text(found[metric].state));
  };
  const auto add_questions = [&](JsonObject& object, Probe probe) {
    std::vector<std::reference_wrapper<const AskedQuestion>> asked;
    for (const AskedQuestion& question : evidence.questions) {
      if (probe_of(question, row.domain) == probe) asked.emplace_back(question);
    }
    if (!asked.empty()) object.array("questions", asked, append_question);
  };
  JsonObject domain(out);
  domain.raw("domain", json_string(row.domain));
  domain.raw("category", json_string(row.category.code()));
  add(domain, Metric::kExists);
  {
    JsonObject mx = domain.object("mx");
    add(mx, Metric::kMx);
    add(mx, Metric::kNullMx);
    add(mx, Metric::kMxAddressLiteral);
    add(mx, Metric::kMxIpv6);
    add(mx, Metric::kMxNoAddress);
    add_questions(mx, Probe::kMx);
  }
  {
    JsonObject spf = domain.object("spf");
    add(spf, Metric::kSpf);
    add(spf, Metric::kSpfTxt);
    add(spf, Metric::kSpfType99);
    add(spf, Metric::kSpfRecord);
    spf.word("spf_all", spf_all_text(found));
    add(spf, Metric::kSenderId);
    add(spf, Metric::kSpfMultiple);
    add(spf, Metric::kSpfInvalid);
    if (evidence.spf_fault) {
      JsonObject fault = spf.object("fault");
      fault.raw("reason", json_string(evidence.spf_fault->reason));
      fault.number("offset", evidence.spf_fault->offset);
      fault.raw("section", json_string(evidence.spf_fault->section));
    }
    add_questions(spf, Probe::kSpf);
  }
  {
    JsonObject domainkeys = domain.object("domainkeys");
    add(domainkeys, Metric::kDomainkeysSubdomain);
    add(domainkeys, Metric::kDomainkeysPolicy);
    domainkeys.word("domainkeys_evidence", to_text(found.domainkeys_evidence));
    add(domainkeys, Metric::kDkimPolicy);
    add(domainkeys, Metric::kDomainkeysByA);
    add_questions(domainkeys, Probe::kDomainkeys);
  }
  {
    JsonObject dmarc = domain.object("dmarc");
    add(dmarc, Metric::kDmarc);
    dmarc.word("dmarc_policy", dmarc_policy_text(found));
    add(dmarc, Metric::kDmarcMultiple);
    add(dmarc, Metric::kDmarcInvalid);
    add(dmarc, Metric::kDmarcRua);
    add(dmarc, Metric::kDmarcTesting);
    add_questions(dmarc, Probe::kDmarc);
  }
  domain.word("cause", to_text(first_cause(found)));
  if (!row.name_server_operator.empty())
    domain.raw("name_server_operator", json_string(row.name_server_operator));
}

}  // namespace dauth::report
