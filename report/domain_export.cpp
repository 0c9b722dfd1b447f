#include "report/domain_export.h"

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
  JsonObject object(std::string_view name) {
    key(name);
    return JsonObject(*out_);
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

}  // namespace

std::string_view domain_csv_header() {
  return "domain,category,mx,null_mx,spf,spf_txt,spf_type99,spf_record,spf_all,sender_id,domainkeys_"
         "subdomain,"
         "domainkeys_policy,domainkeys_evidence,dkim_policy,dmarc,dmarc_policy,exists,mx_address_literal,"
         "dmarc_multiple,dmarc_invalid,cause\n";
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
  out += '\n';
}

void append_domain_json(std::string& out, const data::DomainRow& row) {
  const data::Observation& found = row.observation;
  const auto add = [&](JsonObject& object, Metric metric) {
    object.word(to_text(metric), to_text(found[metric].state));
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
  }
  {
    JsonObject spf = domain.object("spf");
    add(spf, Metric::kSpf);
    add(spf, Metric::kSpfTxt);
    add(spf, Metric::kSpfType99);
    add(spf, Metric::kSpfRecord);
    spf.word("spf_all", spf_all_text(found));
    add(spf, Metric::kSenderId);
  }
  {
    JsonObject domainkeys = domain.object("domainkeys");
    add(domainkeys, Metric::kDomainkeysSubdomain);
    add(domainkeys, Metric::kDomainkeysPolicy);
    domainkeys.word("domainkeys_evidence", to_text(found.domainkeys_evidence));
    add(domainkeys, Metric::kDkimPolicy);
  }
  {
    JsonObject dmarc = domain.object("dmarc");
    add(dmarc, Metric::kDmarc);
    dmarc.word("dmarc_policy", dmarc_policy_text(found));
    add(dmarc, Metric::kDmarcMultiple);
    add(dmarc, Metric::kDmarcInvalid);
  }
  domain.word("cause", to_text(first_cause(found)));
}

}  // namespace dauth::report
