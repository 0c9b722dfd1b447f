#include "resolver/net/system_resolvers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace dauth::net {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> texts(const std::vector<SocketAddress>& addresses) {
  std::vector<std::string> texts;
  for (const auto& address : addresses) texts.push_back(address.to_text());
  return texts;
}

TEST(SystemResolvers, ReadsNameserverLinesInOrder) {
  EXPECT_THAT(texts(nameservers_in("# made by hand\n"
                                   "search example.jp\n"
                                   "nameserver 192.0.2.2\n"
                                   "nameserver\t2001:db8::1 \r\n"
                                   "options edns0\n"
                                   "nameserver 192.0.2.1")),
              ElementsAre("192.0.2.2:53", "[2001:db8::1]:53", "192.0.2.1:53"));
}

TEST(SystemResolvers, PassesOverWhatIsNoAddress) {
  EXPECT_THAT(texts(nameservers_in("nameserver resolver.example\n"
                                   "nameserver\n"
                                   "nameservers 192.0.2.1\n"
                                   "nameserver192.0.2.1\n"
                                   "# nameserver 192.0.2.1\n"
                                   " nameserver 192.0.2.1\n"
                                   "nameserver 192.0.2.1:5353\n"
                                   "nameserver [::1]:53\n"
                                   "nameserver 192.0.2.9 # the good one\n"
                                   "nameserver 192.0.2.9\n")),
              ElementsAre("192.0.2.9:53"));
}

TEST(SystemResolvers, NoneMeansThisMachine) {
  EXPECT_THAT(texts(nameservers_in("")), ElementsAre("127.0.0.1:53"));
  EXPECT_THAT(texts(nameservers_in("search example.jp\n\n\n")), ElementsAre("127.0.0.1:53"));
  const auto missing = system_resolvers("/nonexistent/resolv.conf");
  ASSERT_TRUE(missing) << missing.error();
  EXPECT_THAT(texts(*missing), ElementsAre("127.0.0.1:53"));
}

TEST(SystemResolvers, ReadsAFile) {
  std::string path = ::testing::TempDir() + "resolv.conf.XXXXXX";
  const int descriptor = mkstemp(path.data());
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(write(descriptor, "nameserver 192.0.2.7\n", 21), 21);
  close(descriptor);
  const auto found = system_resolvers(path);
  std::remove(path.c_str());
  ASSERT_TRUE(found) << found.error();
  EXPECT_THAT(texts(*found), ElementsAre("192.0.2.7:53"));
}

TEST(SystemResolvers, SaysWhatCannotBeRead) {
  const auto directory = system_resolvers("/");
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error(), "/: cannot be read");
}

}  // namespace
}  // namespace dauth::net
