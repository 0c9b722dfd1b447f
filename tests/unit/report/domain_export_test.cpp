#include "report/domain_export.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <vector>

namespace dauth::report {
namespace {

using data::Cause;
using data::Finding;
using data::Metric;

data::DomainRow row(std::string domain, std::string_view category = "CO") {
  data::DomainRow row{std::move(domain), data::Category::from_text(category).value(), {}};
  for (const Metric metric : data::all_metrics()) row.observation[metric] = Finding::absent();
  return row;
}

std::string csv(const data::DomainRow& domain) {
  std::string out;
  append_domain_csv(out, domain);
  return out;
}

std::string json(const data::DomainRow& domain) {
  std::string out;
  append_domain_json(out, domain);
  return out;
}

// The fields of a line in which nothing is quoted.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::size_t start = 0;
  for (std::size_t end = line.find_first_of(",\n"); end != std::string::npos;
       end = line.find_first_of(",\n", start)) {
    fields.push_back(line.substr(start, end - start));
    start = end + 1;
  }
  return fields;
}

// A member of a JSON text, read by SQLite.
std::string member(const std::string& text, const std::string& path) {
  sqlite3* handle = nullptr;
  sqlite3_open(":memory:", &handle);
  sqlite3_stmt* statement = nullptr;
  sqlite3_prepare_v2(handle, "SELECT json_extract(?1, ?2) WHERE json_valid(?1)", -1, &statement, nullptr);
  sqlite3_bind_text(statement, 1, text.c_str(), -1, SQLITE_TRANSIENT);
  sqlite3_bind_text(statement, 2, path.c_str(), -1, SQLITE_TRANSIENT);
  std::string value = "(no such member)";
  if (sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_type(statement, 0) != SQLITE_NULL) {
    value = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  sqlite3_close(handle);
  return value;
}

TEST(DomainExport, HasTheHeaderOfTheContract) {
  EXPECT_EQ(
      domain_csv_header(),
      "domain,category,mx,null_mx,spf,spf_txt,spf_type99,spf_record,spf_all,sender_id,domainkeys_subdomain,"
      "domainkeys_policy,domainkeys_evidence,dkim_policy,dmarc,dmarc_policy,exists,mx_address_literal,"
      "dmarc_multiple,dmarc_invalid,cause,name_server_operator,spf_multiple,spf_invalid,domainkeys_by_a,"
      "dmarc_rua,"
      "dmarc_testing,mx_ipv6,mx_no_address\n");
}

TEST(DomainExport, ALineHasAFieldForEachNameOfTheHeader) {
  data::DomainRow domain = row("example.co.jp");
  domain.observation[Metric::kMx] = Finding::published();
  domain.observation[Metric::kSpf] = Finding::published();
  domain.observation[Metric::kSpfTxt] = Finding::published();
  domain.observation[Metric::kSpfType99] = Finding::unmeasured(Cause::kServfail);
  domain.observation[Metric::kSpfRecord] = Finding::published();
  domain.observation[Metric::kSpfAllSoftfail] = Finding::published();
  domain.observation[Metric::kDomainkeysSubdomain] = Finding::published();
  domain.observation.domainkeys_evidence = data::DomainkeysEvidence::kNoWildcard;
  domain.observation[Metric::kDmarc] = Finding::published();
  domain.observation[Metric::kDmarcReject] = Finding::published();
  domain.observation[Metric::kExists] = Finding::published();
  domain.observation[Metric::kDmarcInvalid] = Finding::unmeasured(Cause::kTimeout);
  domain.observation[Metric::kDmarcRua] = Finding::published();
  domain.observation[Metric::kMxIpv6] = Finding::published();
  domain.name_server_operator = "example.net";
  EXPECT_EQ(
      csv(domain),
      "example.co.jp,CO,published,absent,published,published,unmeasured,published,softfail,absent,published,"
      "absent,no_wildcard,absent,published,reject,published,absent,absent,unmeasured,servfail,example.net,"
      "absent,absent,absent,published,absent,published,absent\n");
}

TEST(DomainExport, EachColumnIsTheFindingOfItsName) {
  const std::vector<std::string> names = fields_of(std::string(domain_csv_header()));
  ASSERT_EQ(names.size(), 29U);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto metric = data::metric_from_text(names[i]);
    if (!metric) continue;
    data::DomainRow domain = row("a.jp");
    domain.observation[*metric] = Finding::published();
    const std::vector<std::string> fields = fields_of(csv(domain));
    ASSERT_EQ(fields.size(), names.size());
    EXPECT_EQ(fields[i], "published") << names[i];
    EXPECT_EQ(std::count(fields.begin(), fields.end(), "published"), 1) << names[i];
  }
}

TEST(DomainExport, HostileNamesStayInTheirField) {
  EXPECT_EQ(csv(row("-x.jp", "=1+1")).substr(0, 13), "'-x.jp,'=1+1,");
  data::DomainRow hostile = row("a.jp");
  hostile.name_server_operator = "@x,\"\x1b[31m";
  EXPECT_NE(csv(hostile).find(",\"'@x,\"\"\\x1b[31m\",absent"), std::string::npos) << csv(hostile);
  EXPECT_EQ(csv(row("a\\,b\n\x1b.jp")).substr(0, 17), "\"a\\,b\\x0a\\x1b.jp\"");
}

TEST(DomainExport, JsonNestsTheSameNamesByProbe) {
  data::DomainRow domain = row("example.co.jp");
  domain.observation[Metric::kExists] = Finding::published();
  domain.observation[Metric::kNullMx] = Finding::published();
  domain.observation[Metric::kSpfRecord] = Finding::published();
  domain.observation[Metric::kSpfAllFail] = Finding::published();
  domain.observation[Metric::kDkimPolicy] = Finding::unmeasured(Cause::kRefused);
  domain.observation.domainkeys_evidence = data::DomainkeysEvidence::kOwnZone;
  domain.observation[Metric::kDmarcMultiple] = Finding::published();
  domain.observation[Metric::kMxIpv6] = Finding::unmeasured(Cause::kTimeout);
  const std::string text = json(domain);
  EXPECT_EQ(
      text,
      R"({"domain":"example.co.jp","category":"CO","exists":"published",)"
      R"("mx":{"mx":"absent","null_mx":"published","mx_address_literal":"absent","mx_ipv6":"unmeasured",)"
      R"("mx_no_address":"absent"},)"
      R"("spf":{"spf":"absent","spf_txt":"absent","spf_type99":"absent","spf_record":"published",)"
      R"("spf_all":"fail","sender_id":"absent","spf_multiple":"absent","spf_invalid":"absent"},)"
      R"("domainkeys":{"domainkeys_subdomain":"absent","domainkeys_policy":"absent",)"
      R"("domainkeys_evidence":"own_zone","dkim_policy":"unmeasured","domainkeys_by_a":"absent"},)"
      R"("dmarc":{"dmarc":"absent","dmarc_policy":"","dmarc_multiple":"published","dmarc_invalid":"absent",)"
      R"("dmarc_rua":"absent","dmarc_testing":"absent"},)"
      R"("cause":"refused"})");
  EXPECT_EQ(member(text, "$.spf.spf_all"), "fail");
  EXPECT_EQ(member(text, "$.cause"), "refused");
}

// However the host is called, its questions are the MX probe's.
TEST(DomainExport, QuestionsAboutMxHostsStandWithMx) {
  const auto name = [](const char* text) { return dns::DomainName::from_text(text).value(); };
  DomainEvidence evidence;
  evidence.questions.push_back({{name("_dmarc.a.jp"), dns::RrType::kTxt}, dns::NxDomain{}});
  for (const char* host : {"mx.example.net", "a.jp", "_dmarc.a.jp"})
    evidence.questions.push_back({{name(host), dns::RrType::kAaaa}, dns::NoData{}, 0, {}, true});
  evidence.questions.push_back({{name("mx.example.net"), dns::RrType::kAaaa},
                                dns::Answer{{},
                                            {{name("mx.example.net"),
                                              dns::RrType::kAaaa,
                                              {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}},
                                0,
                                {},
                                true});
  std::string text;
  append_domain_json(text, row("a.jp"), evidence);
  EXPECT_EQ(member(text, "$.mx.questions[0].name"), "mx.example.net");
  EXPECT_EQ(member(text, "$.mx.questions[2].name"), "_dmarc.a.jp");
  EXPECT_EQ(member(text, "$.mx.questions[3].records[0].data"), "2001:db8::1");
  EXPECT_EQ(member(text, "$.dmarc.questions[1]"), "(no such member)") << "of its own there is one";
}

TEST(DomainExport, JsonIsValidWhateverTheNameIs) {
  EXPECT_EQ(member(json(row("a\"b\\\x1b")), "$.domain"), "a\"b\\\x1b");
  EXPECT_EQ(member(json(row("a\xff")), "$.domain"), "a\ufffd");
  EXPECT_EQ(member(json(row("\u202e.jp")), "$.category"), "CO");
  for (const char c : json(row("\u202e\xff.jp"))) EXPECT_TRUE(c >= ' ' && c <= '~');
}

}  // namespace
}  // namespace dauth::report
