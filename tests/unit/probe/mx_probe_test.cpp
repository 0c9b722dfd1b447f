#include "scanner/probe/mx_probe.h"

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using data::Cause;
using data::Finding;

struct MxCase {
  const char* what;
  dns::LookupOutcome outcome;
  Finding mx, null_mx, address_literal;
};

TEST(MxProbe, Findings) {
  const Finding yes = Finding::published();
  const Finding no = Finding::absent();
  const Finding timeout = Finding::unmeasured(Cause::kTimeout);
  const Finding malformed = Finding::unmeasured(Cause::kMalformed);
  dns::ResourceRecord broken = mx_record("example.jp", 10, "mx.example.jp");
  broken.rdata.resize(1);
  const std::vector<MxCase> cases = {
      {"one host", answer({mx_record("example.jp", 10, "mx.example.jp")}), yes, no, no},
      {"null MX", answer({mx_record("example.jp", 0, ".")}), yes, yes, no},
      {"null MX beside another is none",
       answer({mx_record("example.jp", 0, "."), mx_record("example.jp", 10, "mx.example.jp")}), yes, no, no},
      {"root with a preference is no null MX", answer({mx_record("example.jp", 10, ".")}), yes, no, no},
      {"address as a name", answer({mx_record("example.jp", 10, "192.0.2.1")}), yes, no, yes},
      {"through a CNAME", answer({mx_record("target.jp", 10, "mx.jp")}, {cname("example.jp", "target.jp")}),
       yes, no, no},
      {"no data", no_data(), no, no, no},
      {"chain without MX", no_data({cname("example.jp", "target.jp")}), no, no, no},
      {"name error", name_error(), no, no, no},
      {"failure", failure(), timeout, timeout, timeout},
      {"RDATA cut short", answer({broken}), malformed, malformed, malformed},
  };
  for (const MxCase& c : cases) {
    SCOPED_TRACE(c.what);
    const auto domain = name("example.jp");
    ScriptedInquiry inquiry({{{"example.jp", dns::RrType::kMx}, c.outcome}});
    const auto found = inquiry.run(scanner::probe_mx(inquiry, domain));
    EXPECT_EQ(found.mx, c.mx);
    EXPECT_EQ(found.null_mx, c.null_mx);
    EXPECT_EQ(found.mx_address_literal, c.address_literal);
  }
}

}  // namespace
}  // namespace dauth::testing
