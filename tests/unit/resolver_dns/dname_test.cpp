#include "resolver/dns/dname.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/unit/resolver_dns/response_builder.h"

namespace dauth::testing {
namespace {

using dns::substitute_dname;

struct SubstitutionCase {
  std::string_view qname;
  std::string_view owner;
  std::string_view target;
  std::string_view expected;  // "" for nothing
};

// The table of RFC 6672 section 2.2, but for its two lines on loops, which are no matter of one substitution.
TEST(SubstituteDname, TableOfTheRfc) {
  for (const auto& [qname, owner, target, expected] : std::initializer_list<SubstitutionCase>{
           {"com", "example.com", "example.net", ""},
           {"example.com", "example.com", "example.net", ""},
           {"a.example.com", "example.com", "example.net", "a.example.net"},
           {"a.b.example.com", "example.com", "example.net", "a.b.example.net"},
           {"ab.example.com", "b.example.com", "example.net", ""},
           {"foo.example.com", "example.com", "example.net", "foo.example.net"},
           {"a.x.example.com", "x.example.com", "example.net", "a.example.net"},
           {"a.example.com", "example.com", "y.example.net", "a.y.example.net"},
           {"cyc.example.com", "example.com", "example.com", "cyc.example.com"},
           {"shortloop.x.x", "x", ".", "shortloop.x"},
           {"shortloop.x", "x", ".", "shortloop"},
           {"a.jp", ".", "example", "a.jp.example"},
           {"A.EXAMPLE.com", "example.COM", "Example.net", "A.Example.net"}}) {
    const auto substituted = substitute_dname(name(qname), name(owner), name(target));
    EXPECT_EQ(substituted ? substituted->to_text() : "", expected) << qname;
  }
}

TEST(SubstituteDname, ResultIsANameOrNothing) {
  const std::string label(63, 'x');
  const auto target = name(label + '.' + label + '.' + label);  // 193 octets in wire form
  const std::string longest(61, 'y');                           // 62 octets with its length: 255 together
  EXPECT_EQ(substitute_dname(name(longest + ".jp"), name("jp"), target)->wire_length(), 255U);
  EXPECT_FALSE(substitute_dname(name(longest + "y.jp"), name("jp"), target));
}

}  // namespace
}  // namespace dauth::testing
