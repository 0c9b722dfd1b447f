#include "scanner/probe/answer_section.h"

#include "tests/unit/probe/scripted_inquiry.h"

namespace dauth::testing {
namespace {

using scanner::AnswerSection;

AnswerSection at(std::string_view qname, const dns::LookupOutcome& outcome) {
  return {outcome, name(qname)};
}

TEST(AnswerSection, NothingIsEmpty) {
  EXPECT_TRUE(at("a.example", no_data()).empty());
  EXPECT_TRUE(at("a.example", name_error()).empty());
  EXPECT_TRUE(at("a.example", failure()).empty());
  EXPECT_FALSE(at("a.example", answer({text_record("a.example", {"x"})})).empty());
}

TEST(AnswerSection, QnameIsAPlaceholderInOwnersAndRdata) {
  EXPECT_EQ(at("_domainkey.example", answer({text_record("_domainkey.example", {"x"})})),
            at("*.example", answer({text_record("*.example", {"x"})})));
  EXPECT_EQ(at("a.example", answer({mx_record("a.example", 10, "a.example")})),
            at("b.example", answer({mx_record("b.example", 10, "b.example")})));
  EXPECT_NE(at("a.example", answer({mx_record("a.example", 10, "a.example")})),
            at("b.example", answer({mx_record("b.example", 10, "a.example")})));
}

TEST(AnswerSection, StringsAreJoinedCaseOfNamesAndOrderDoNotCount) {
  EXPECT_EQ(at("a.example", answer({text_record("a.example", {"v=spf1", " -all"})})),
            at("a.example", answer({text_record("A.Example", {"v=spf1 -all"})})));
  EXPECT_NE(at("a.example", answer({text_record("a.example", {"x"})})),
            at("a.example", answer({text_record("a.example", {"X"})})));
  EXPECT_EQ(at("a.example",
               answer({mx_record("a.example", 1, "MX.example"), mx_record("a.example", 2, "m.example")})),
            at("a.example",
               answer({mx_record("a.example", 2, "m.example"), mx_record("a.example", 1, "mx.example")})));
}

TEST(AnswerSection, TypeAndPreferenceCount) {
  EXPECT_NE(at("a.example", answer({text_record("a.example", {"x"})})),
            at("a.example", answer({text_record("a.example", {"x"}, dns::RrType::kSpf)})));
  EXPECT_NE(at("a.example", answer({mx_record("a.example", 1, "mx.example")})),
            at("a.example", answer({mx_record("a.example", 2, "mx.example")})));
}

TEST(AnswerSection, ChainsCountToo) {
  const auto via = [](std::string_view qname, std::string_view target) {
    return at(qname, answer({text_record(target, {"x"})}, {cname(qname, target)}));
  };
  EXPECT_EQ(via("_domainkey.example", "example"), via("*.example", "example"));
  EXPECT_NE(via("_domainkey.example", "example"), via("*.example", "other.example"));
  EXPECT_EQ(at("_domainkey.example", no_data({cname("_domainkey.example", "example")})),
            at("*.example", no_data({cname("*.example", "example")})));
}

TEST(AnswerSection, ImagesUnderADnameArePlaceholders) {
  const auto under_dname = [](const std::string& label) {
    const std::string qname = label + ".example.jp";
    const std::string image = label + ".example.net";
    return at(qname,
              answer({text_record(image, {"x"})}, {dname("example.jp", "example.net"), cname(qname, image)}));
  };
  EXPECT_EQ(under_dname("_domainkey"), under_dname("*"));
  // An image of the image, by a second DNAME.
  const auto twice = [](const std::string& label) {
    return at(
        label + ".example.jp",
        answer({text_record(label + ".example.org", {"x"})},
               {dname("example.jp", "example.net"), cname(label + ".example.jp", label + ".example.net"),
                dname("example.net", "example.org"), cname(label + ".example.net", label + ".example.org")}));
  };
  EXPECT_EQ(twice("_domainkey"), twice("*"));
}

// A server may leave out the CNAME RRs that a DNAME stands for (RFC 6672 section 3.1 has them made for
// resolvers that know no DNAME); the chain goes on all the same.
TEST(AnswerSection, ImagesOfImagesWithoutSynthesizedCnames) {
  const auto twice = [](const std::string& label) {
    return at(label + ".example.jp",
              answer({text_record(label + ".example.org", {"x"})},
                     {dname("example.jp", "example.net"), dname("example.net", "example.org")}));
  };
  EXPECT_EQ(twice("_domainkey"), twice("*"));
  // Through an alias the chain leaves the images.
  const auto through_alias = [](const std::string& label) {
    return at(label + ".example.jp", no_data({dname("example.jp", "example.net"),
                                              cname(label + ".example.net", label + ".other.example"),
                                              dname("other.example", "example.org")}));
  };
  EXPECT_NE(through_alias("_domainkey"), through_alias("*"));
}

TEST(AnswerSection, TargetOfACnameIsNoImage) {
  // Both end at names of their own that merely look alike: the answers differ.
  EXPECT_NE(at("a.example", no_data({cname("a.example", "a.target.example")})),
            at("b.example", no_data({cname("b.example", "b.target.example")})));
}

}  // namespace
}  // namespace dauth::testing
