// DomainName: presentation form, wire form, limits, case, and where its octets live.
#include "resolver/dns/domain_name.h"

#include <gtest/gtest.h>

#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace dauth::dns {
namespace {

using std::string_literals::operator""s;

DomainName name(std::string_view text) {
  auto parsed = DomainName::from_text(text);
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(DomainName());
}

std::vector<std::uint8_t> octets_of(std::string_view text) {
  return {text.begin(), text.end()};
}

// A name of exactly `length` octets in wire form, of labels with 'a's.
std::string text_of_wire_length(std::size_t length) {
  std::string text;
  for (std::size_t left = length - 1; left > 0;) {
    // Not leaving one octet over, in which no label fits.
    std::size_t label = std::min<std::size_t>(left, 64);
    if (left - label == 1) --label;
    text.append(label - 1, 'a').append(".");
    left -= label;
  }
  return text;
}

NameError error_of(std::string_view text) {
  const auto parsed = DomainName::from_text(text);
  if (parsed) {
    ADD_FAILURE() << text << " was taken for the name " << parsed->to_text();
    return NameError::kEmpty;
  }
  return parsed.error();
}

NameError wire_error_of(std::string_view octets) {
  const auto parsed = DomainName::from_wire(octets_of(octets));
  if (parsed) {
    ADD_FAILURE() << "taken for the name " << parsed->to_text();
    return NameError::kEmpty;
  }
  return parsed.error();
}

TEST(DomainNameText, BecomesWireForm) {
  const struct {
    std::string text;
    std::string wire;
  } cases[] = {
      {".", "\0"s},
      {"jp", "\2jp\0"s},
      {"jp.", "\2jp\0"s},
      {"example.jp", "\7example\2jp\0"s},
      {"Example.JP.", "\7Example\2JP\0"s},
      {"*._domainkey.jp", "\1*\12_domainkey\2jp\0"s},
      {"a\\.b.jp", "\3a.b\2jp\0"s},
      {"a\\\\b.jp", "\3a\\b\2jp\0"s},
      {"\\065\\066.jp", "\2AB\2jp\0"s},
      {"\\000\\255.jp", "\2\0\377\2jp\0"s},
      {"\\046.jp", "\1.\2jp\0"s},
      {"\\.", "\1.\0"s},
      {"\\x.jp", "\1x\2jp\0"s},
      {"\\046", "\1.\0"s},
      {"a b.jp", "\3a b\2jp\0"s},
      {"\343\201\202.jp", "\3\343\201\202\2jp\0"s},
  };
  for (const auto& row : cases) {
    const auto parsed = DomainName::from_text(row.text);
    ASSERT_TRUE(parsed.has_value()) << row.text;
    EXPECT_EQ(octets_of(row.wire), std::vector<std::uint8_t>(parsed->wire().begin(), parsed->wire().end()))
        << row.text;
    EXPECT_EQ(parsed->wire_length(), row.wire.size());
  }
}

TEST(DomainNameText, RejectsWhatIsNoName) {
  EXPECT_EQ(error_of(""), NameError::kEmpty);
  EXPECT_EQ(error_of(".."), NameError::kEmptyLabel);
  EXPECT_EQ(error_of(".jp"), NameError::kEmptyLabel);
  EXPECT_EQ(error_of("a..jp"), NameError::kEmptyLabel);
  EXPECT_EQ(error_of("jp.."), NameError::kEmptyLabel);
  EXPECT_EQ(error_of("\\"), NameError::kBadEscape);
  EXPECT_EQ(error_of("a.jp\\"), NameError::kBadEscape);
  EXPECT_EQ(error_of("\\1"), NameError::kBadEscape);
  EXPECT_EQ(error_of("\\12"), NameError::kBadEscape);
  EXPECT_EQ(error_of("\\1x2.jp"), NameError::kBadEscape);
  EXPECT_EQ(error_of("\\12x.jp"), NameError::kBadEscape);
  EXPECT_EQ(error_of("\\256.jp"), NameError::kBadEscape);
  EXPECT_EQ(error_of("\\999.jp"), NameError::kBadEscape);
}

TEST(DomainNameText, EveryErrorHasItsPhrase) {
  std::unordered_set<std::string_view> phrases;
  for (const NameError error : {NameError::kEmpty, NameError::kEmptyLabel, NameError::kLabelTooLong,
                                NameError::kNameTooLong, NameError::kBadEscape, NameError::kMalformed}) {
    EXPECT_FALSE(to_text(error).empty());
    EXPECT_TRUE(phrases.insert(to_text(error)).second) << to_text(error);
  }
}

TEST(DomainNameText, LabelsEndAt63Octets) {
  EXPECT_EQ(name(std::string(63, 'a') + ".jp").wire_length(), 1 + 63 + 3 + 1U);
  EXPECT_EQ(error_of(std::string(64, 'a') + ".jp"), NameError::kLabelTooLong);
  EXPECT_EQ(error_of("jp." + std::string(64, 'a')), NameError::kLabelTooLong);
  std::string escaped;
  for (int i = 0; i < 63; ++i) escaped += "\\000";
  EXPECT_EQ(name(escaped).wire_length(), 65U);
  EXPECT_EQ(error_of(escaped + "a"), NameError::kLabelTooLong);
}

TEST(DomainNameText, NamesEndAt255Octets) {
  for (std::size_t length = 3; length <= 255; ++length) {
    const std::string text = text_of_wire_length(length);
    EXPECT_EQ(name(text).wire_length(), length);
    EXPECT_EQ(name(text.substr(0, text.size() - 1)).wire_length(), length);
  }
  for (const std::size_t length : {256U, 257U, 300U, 1000U}) {
    const std::string text = text_of_wire_length(length);
    EXPECT_EQ(error_of(text), NameError::kNameTooLong) << length;
    EXPECT_EQ(error_of(text.substr(0, text.size() - 1)), NameError::kNameTooLong) << length;
  }
  std::string many_labels;
  for (int i = 0; i < 127; ++i) many_labels += "a.";
  EXPECT_EQ(name(many_labels).wire_length(), 255U);
  EXPECT_EQ(name(many_labels).label_count(), 127U);
  EXPECT_EQ(*name(many_labels).label_from_right(126), "a");
  EXPECT_EQ(error_of(many_labels + "a"), NameError::kNameTooLong);
  EXPECT_EQ(error_of(many_labels + "a."), NameError::kNameTooLong);
}

TEST(DomainNameText, IsPrintableAsciiAndReadsBackForEveryOctet) {
  for (int octet = 0; octet <= 255; ++octet) {
    const std::string wire = "\3x"s + static_cast<char>(octet) + "y\2jp\0"s;
    const auto made = DomainName::from_wire(octets_of(wire));
    ASSERT_TRUE(made.has_value());
    const std::string text = made->to_text();
    for (const char c : text) EXPECT_TRUE(c > 0x20 && c < 0x7f) << text;
    EXPECT_EQ(text.find_first_of("\"'();@$|<>&`! "), std::string::npos) << text;
    const auto again = DomainName::from_text(text);
    ASSERT_TRUE(again.has_value()) << text;
    EXPECT_TRUE(
        std::equal(again->wire().begin(), again->wire().end(), made->wire().begin(), made->wire().end()))
        << text;
  }
}

TEST(DomainNameText, IsWrittenWithoutTheLastDot) {
  EXPECT_EQ(DomainName().to_text(), ".");
  EXPECT_EQ(name(".").to_text(), ".");
  EXPECT_EQ(name("Example.jp.").to_text(), "Example.jp");
  EXPECT_EQ(name("a\\.b\\\\c.\\000\\032z.jp").to_text(), "a\\.b\\\\c.\\000\\032z.jp");
  EXPECT_EQ(name("_dmarc.*.xn--eckwd4c7c.jp").to_text(), "_dmarc.*.xn--eckwd4c7c.jp");
}

TEST(DomainNameWire, RejectsWhatIsNoName) {
  EXPECT_EQ(wire_error_of(""), NameError::kEmpty);
  EXPECT_EQ(wire_error_of("\2jp"), NameError::kMalformed);          // no root label
  EXPECT_EQ(wire_error_of("\3jp\0"s), NameError::kMalformed);       // its label takes the end
  EXPECT_EQ(wire_error_of("\2jp\0\0"s), NameError::kMalformed);     // something behind it
  EXPECT_EQ(wire_error_of("\0\2jp\0"s), NameError::kMalformed);     // the root, and more
  EXPECT_EQ(wire_error_of("\2jp\300\14"s), NameError::kMalformed);  // compressed
  EXPECT_EQ(wire_error_of("\300\14"s), NameError::kMalformed);      // compressed
  EXPECT_EQ(wire_error_of("\100" + std::string(64, 'a') + "\0"s), NameError::kMalformed);
  EXPECT_EQ(wire_error_of("\200" + std::string(128, 'a') + "\0"s), NameError::kMalformed);
  EXPECT_EQ(wire_error_of("\77"), NameError::kMalformed);
  EXPECT_EQ(wire_error_of(std::string(256, '\0')), NameError::kNameTooLong);
}

TEST(DomainNameWire, EveryPrefixOfANameIsNone) {
  const DomainName whole = name("mail.example.co.jp");
  for (std::size_t length = 1; length < whole.wire_length(); ++length) {
    EXPECT_FALSE(DomainName::from_wire(whole.wire().first(length)).has_value()) << length;
  }
  EXPECT_TRUE(DomainName::from_wire(whole.wire()).has_value());
}

TEST(DomainNameStorage, CopiesAndMovesAcrossTheBorderToTheHeap) {
  for (const std::size_t first : {1U, 3U, 54U, 55U, 56U, 57U, 255U}) {
    for (const std::size_t second : {1U, 3U, 54U, 55U, 56U, 57U, 255U}) {
      const DomainName a = first == 1 ? DomainName() : name(text_of_wire_length(first));
      const DomainName b = second == 1 ? DomainName() : name(text_of_wire_length(second));

      const DomainName copied(a);  // NOLINT(performance-unnecessary-copy-initialization): the copy is tested
      EXPECT_EQ(copied, a);
      EXPECT_EQ(copied.wire_length(), first);
      EXPECT_NE(copied.wire().data(), a.wire().data());

      DomainName assigned(b);
      assigned = a;
      EXPECT_EQ(assigned, a);
      EXPECT_EQ(assigned.to_text(), a.to_text());

      DomainName source(a);
      const DomainName moved(std::move(source));
      EXPECT_EQ(moved, a);
      EXPECT_TRUE(source.is_root());  // NOLINT(bugprone-use-after-move): the state is promised
      EXPECT_EQ(source.to_text(), ".");
      source = b;
      EXPECT_EQ(source, b);

      DomainName taken(b);
      DomainName giver(a);
      taken = std::move(giver);
      EXPECT_EQ(taken, a);
      EXPECT_TRUE(giver.is_root());  // NOLINT(bugprone-use-after-move)
      EXPECT_EQ(giver, DomainName());
      giver = std::move(taken);
      EXPECT_EQ(giver, a);

      using std::swap;
      DomainName left(a);
      DomainName right(b);
      swap(left, right);
      EXPECT_EQ(left, b);
      EXPECT_EQ(right, a);
    }
  }
}

TEST(DomainNameStorage, SurvivesAssignmentToItself) {
  for (const std::size_t length : {3U, 55U, 56U, 255U}) {
    const DomainName original = name(text_of_wire_length(length));
    DomainName self(original);
    DomainName& alias = self;
    self = alias;
    EXPECT_EQ(self, original);
    self = std::move(alias);
    EXPECT_EQ(self, original);
    self = self.parent();
    EXPECT_EQ(self.wire_length(), original.parent().wire_length());
  }
}

TEST(DomainNameStorage, ACopyIsIndependentOfItsSource) {
  for (const std::size_t length : {55U, 56U}) {
    DomainName source = name(text_of_wire_length(length));
    const DomainName copy = source;
    source = name("jp");
    EXPECT_EQ(copy.wire_length(), length);
    EXPECT_EQ(copy.to_text() + ".", text_of_wire_length(length));
  }
}

TEST(DomainNameCase, DoesNotCountForAsciiLettersAndCountsForAllElse) {
  EXPECT_EQ(name("Example.JP"), name("eXAMPLE.jp"));
  EXPECT_EQ(name("Example.JP").hash(), name("eXAMPLE.jp").hash());
  EXPECT_EQ(std::hash<DomainName>()(name("A.jp")), std::hash<DomainName>()(name("a.jp")));
  for (int octet = 0; octet <= 255; ++octet) {
    for (const int other : {octet ^ 0x20, octet + 1, octet + 128}) {
      if (other == octet || other > 255) continue;
      const auto a = DomainName::from_wire(octets_of("\1"s + static_cast<char>(octet) + "\0"s));
      const auto b = DomainName::from_wire(octets_of("\1"s + static_cast<char>(other) + "\0"s));
      ASSERT_TRUE(a.has_value() && b.has_value());
      const bool letters =
          other == (octet ^ 0x20) && ((octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z'));
      EXPECT_EQ(*a == *b, letters) << octet << " and " << other;
      if (letters) {
        EXPECT_EQ(a->hash(), b->hash());
      }
    }
  }
}

TEST(DomainNameCase, LabelBordersCount) {
  EXPECT_NE(name("a.b"), name("a\\.b"));
  EXPECT_NE(name("ab.c"), name("a.bc"));
  EXPECT_NE(name("example.jp"), name("example"));
  EXPECT_NE(name("jp"), DomainName());
  // A length octet is no letter: 0x41 octets of label would be 'A'.
  EXPECT_NE(name("\\001a"), name("a.a"));
}

TEST(DomainNameCase, IsKeptAndCanBeLowered) {
  const DomainName mixed = name("EXAMPLE.Co.jP");
  EXPECT_EQ(mixed.to_text(), "EXAMPLE.Co.jP");
  EXPECT_EQ(mixed.lowercased().to_text(), "example.co.jp");
  EXPECT_EQ(mixed.to_text(), "EXAMPLE.Co.jP");
  EXPECT_EQ(mixed.lowercased(), mixed);
  EXPECT_EQ(name("\\193\\091\\064").lowercased().to_text(), name("\\193\\091\\064").to_text());
  std::string upper = text_of_wire_length(255);
  for (char& c : upper) c = c == 'a' ? 'A' : c;
  EXPECT_EQ(name(upper).lowercased().to_text() + ".", text_of_wire_length(255));
  EXPECT_EQ(DomainName().lowercased(), DomainName());
  // 63 octets to a label, the highest length octet.
  EXPECT_EQ(name(std::string(63, 'Q')).lowercased().to_text(), std::string(63, 'q'));
}

TEST(DomainNameHash, TellsNamesApart) {
  std::unordered_set<std::uint64_t> hashes;
  std::unordered_set<DomainName> names;
  for (int i = 0; i < 5000; ++i) {
    const DomainName made = name("n" + std::to_string(i) + ".example.jp");
    hashes.insert(made.hash());
    names.insert(made);
  }
  EXPECT_EQ(hashes.size(), 5000U);
  EXPECT_EQ(names.size(), 5000U);
  EXPECT_TRUE(names.contains(name("N4999.EXAMPLE.JP.")));
  EXPECT_FALSE(names.contains(name("n5000.example.jp")));
}

TEST(DomainNameLabels, AreCountedFromTheRight) {
  const DomainName made = name("a.bc.example.jp");
  EXPECT_EQ(made.label_count(), 4U);
  EXPECT_EQ(made.label_from_right(0), "jp");
  EXPECT_EQ(made.label_from_right(1), "example");
  EXPECT_EQ(made.label_from_right(2), "bc");
  EXPECT_EQ(made.label_from_right(3), "a");
  EXPECT_EQ(made.label_from_right(4), std::nullopt);
  EXPECT_EQ(made.label_from_right(static_cast<std::size_t>(-1)), std::nullopt);
  EXPECT_EQ(DomainName().label_count(), 0U);
  EXPECT_EQ(DomainName().label_from_right(0), std::nullopt);
  EXPECT_EQ(name("x\\.\\000y.jp").label_from_right(1), "x.\0y"s);
}

TEST(DomainNameParent, LosesTheFirstLabel) {
  EXPECT_EQ(name("a.example.jp").parent(), name("example.jp"));
  EXPECT_EQ(name("a\\.b.jp").parent(), name("jp"));
  EXPECT_EQ(name("jp").parent(), DomainName());
  EXPECT_EQ(DomainName().parent(), DomainName());
  DomainName walked = name(text_of_wire_length(255));
  const std::size_t labels = walked.label_count();
  for (std::size_t i = 0; i < labels; ++i) walked = walked.parent();
  EXPECT_TRUE(walked.is_root());
}

TEST(DomainNameChild, TakesAnyOctetsAsOneLabel) {
  EXPECT_EQ(name("example.jp").child("_dmarc"), name("_dmarc.example.jp"));
  EXPECT_EQ(DomainName().child("jp"), name("jp"));
  EXPECT_EQ(name("jp").child("a.b"), name("a\\.b.jp"));
  EXPECT_EQ(name("jp").child("\0\\"s), name("\\000\\\\.jp"));
  EXPECT_EQ(name("jp").child(""), std::nullopt);
  EXPECT_EQ(name("jp").child(std::string(63, 'a')), name(std::string(63, 'a') + ".jp"));
  EXPECT_EQ(name("jp").child(std::string(64, 'a')), std::nullopt);
  EXPECT_EQ(name("jp").child(std::string(300, 'a')), std::nullopt);
}

TEST(DomainNameChild, EndsAtTheLimitOfANameExactly) {
  for (std::size_t length = 190; length <= 255; ++length) {
    const DomainName parent = name(text_of_wire_length(length));
    for (std::size_t label = 1; label <= 63; ++label) {
      const auto made = parent.child(std::string(label, 'b'));
      ASSERT_EQ(made.has_value(), length + 1 + label <= 255) << length << " + " << label;
      if (!made) continue;
      EXPECT_EQ(made->wire_length(), length + 1 + label);
      EXPECT_EQ(made->parent(), parent);
      EXPECT_TRUE(DomainName::from_wire(made->wire()).has_value());
    }
  }
}

TEST(DomainNameBelow, GoesByWholeLabels) {
  const DomainName example = name("example.jp");
  EXPECT_TRUE(example.is_at_or_below(example));
  EXPECT_TRUE(example.is_at_or_below(name("EXAMPLE.Jp")));
  EXPECT_TRUE(name("a.example.jp").is_at_or_below(example));
  EXPECT_TRUE(name("b.a.EXAMPLE.jp").is_at_or_below(example));
  EXPECT_TRUE(example.is_at_or_below(name("jp")));
  EXPECT_TRUE(example.is_at_or_below(DomainName()));
  EXPECT_TRUE(DomainName().is_at_or_below(DomainName()));

  EXPECT_FALSE(name("xexample.jp").is_at_or_below(example));
  EXPECT_FALSE(name("jp").is_at_or_below(example));
  EXPECT_FALSE(DomainName().is_at_or_below(name("jp")));
  EXPECT_FALSE(name("example.com").is_at_or_below(example));
  EXPECT_FALSE(name("example.jp.com").is_at_or_below(example));
  EXPECT_FALSE(name("a\\.example.jp").is_at_or_below(example));
  // The octets of "\7example\2jp\0" stand at the end, but inside one label.
  EXPECT_FALSE(name("x\\007example.jp").is_at_or_below(example));
  EXPECT_FALSE(name("x\\007example\\002jp").is_at_or_below(example));
  EXPECT_FALSE(name("x\\002jp").is_at_or_below(name("jp")));
}

}  // namespace
}  // namespace dauth::dns
