// --resolver and --qps: which rate holds where.
#include "scanner/cli/resolver_options.h"
#include "scanner/cli/option_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dauth::scanner::cli {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

const std::vector<net::SocketAddress> kInterfaces{
    net::SocketAddress::parse("192.0.2.7").value().with_port(0)};

resolver::StubResolverOptions made(std::vector<std::string> resolvers, const std::string& rate = "auto") {
  ResolverOptions options;
  options.resolvers = std::move(resolvers);
  options.queries_per_second = rate;
  return to_stub_resolver_options(options, kInterfaces).value();
}

TEST(ResolverOptions, ResolversElsewhereGetALowRate) {
  const auto options = made({"192.0.2.53", "127.0.0.1:5353", "192.0.2.7", "2001:db8::53"});
  EXPECT_THAT(options.server_rates, ElementsAre(500, 0, 0, 500));
  EXPECT_EQ(options.queries_per_second, 0);
  EXPECT_EQ(remote_rate_text(options),
            "192.0.2.53:53, [2001:db8::53]:53 are not on this machine: at most 500 questions a second each; "
            "--qps sets another rate");
  EXPECT_EQ(remote_rate_text(made({"192.0.2.53"})),
            "192.0.2.53:53 is not on this machine: at most 500 questions a second; --qps sets another rate");
  EXPECT_EQ(remote_rate_text(made({"127.0.0.1"})), "");
}

TEST(ResolverOptions, AResolverThatIsNamedTwiceHasOneRate) {
  EXPECT_THAT(made({"192.0.2.53", "192.0.2.53:53", "127.0.0.1"}).server_rates, ElementsAre(500, 0));
}

TEST(ResolverOptions, ARateThatIsGivenHoldsInItsPlace) {
  const auto options = made({"192.0.2.53", "127.0.0.1"}, "2000");
  EXPECT_THAT(options.server_rates, Each(0));
  EXPECT_EQ(options.queries_per_second, 2000);
  EXPECT_EQ(remote_rate_text(options), "");
}

TEST(ResolverOptions, ZeroLiftsEveryLimit) {
  const auto options = made({"192.0.2.53"}, "0");
  EXPECT_THAT(options.server_rates, Each(0));
  EXPECT_EQ(options.queries_per_second, 0);
  EXPECT_EQ(remote_rate_text(options), "");
}

TEST(ResolverOptions, AnythingElseIsRefused) {
  for (const std::string rate : {"", "fast", "nan", "-1", "1e9", "500 qps"}) {
    ResolverOptions options;
    options.resolvers = {"127.0.0.1"};
    options.queries_per_second = rate;
    EXPECT_FALSE(to_stub_resolver_options(options, kInterfaces)) << rate;
  }
}

}  // namespace
}  // namespace dauth::scanner::cli
