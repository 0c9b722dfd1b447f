#include "resolver/dns/rdata_shape.h"

#include <gtest/gtest.h>

#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::testing {
namespace {

using dns::rdata_shape;
using dns::RdataShape;
using dns::RrType;

TEST(RdataShapeOf, TypesWithNames) {
  for (const RrType type : {RrType::kCname, RrType::kDname, RrType::kNs, RrType::kPtr}) {
    EXPECT_EQ(rdata_shape(type), (RdataShape{0, 1})) << dns::to_text(type);
  }
  EXPECT_EQ(rdata_shape(RrType::kMx), (RdataShape{2, 1}));   // preference
  EXPECT_EQ(rdata_shape(RrType::kSrv), (RdataShape{6, 1}));  // priority, weight, port
  EXPECT_EQ(rdata_shape(RrType::kSoa), (RdataShape{0, 2}));  // then five numbers
}

TEST(RdataShapeOf, AllOthersAreOctets) {
  for (const RrType type :
       {RrType::kA, RrType::kAaaa, RrType::kTxt, RrType::kSpf, RrType::kOpt, static_cast<RrType>(65280)}) {
    EXPECT_EQ(rdata_shape(type), RdataShape{}) << dns::to_text(type);
  }
}

// Each type's RDATA as the builder writes it: the names stand where the shape says.
TEST(RdataShapeOf, FitsWholeRdata) {
  struct Case {
    RrType type;
    Rdata rdata;
  };
  for (const auto& [type, rdata] :
       std::initializer_list<Case>{{RrType::kCname, target("a.example")},
                                   {RrType::kMx, mx(10, "mx.example")},
                                   {RrType::kSoa, soa("ns.example", "h.example")}}) {
    const RdataShape shape = rdata_shape(type);
    std::size_t before = 0;
    unsigned names = 0;
    for (const RdataPart& part : rdata) {
      if (std::holds_alternative<dns::DomainName>(part)) {
        ++names;
      } else if (names == 0) {
        before += std::get<Octets>(part).size();
      }
    }
    EXPECT_EQ(shape, (RdataShape{before, names})) << dns::to_text(type);
  }
}

}  // namespace
}  // namespace dauth::testing
