// SMTP replies out of octets in any pieces, and what a reply to EHLO offers.
#include "scanner/submission/smtp_reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dauth::scanner {
namespace {

using ::testing::SizeIs;

std::span<const std::uint8_t> octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::vector<SmtpReply> replies_in(SmtpReplyReader& reader, std::string_view stream, std::size_t piece) {
  std::vector<SmtpReply> replies;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    reader.push(octets(stream.substr(at, piece)));
    while (auto reply = reader.next()) replies.push_back(*std::move(reply));
  }
  return replies;
}

struct WholeCase {
  std::string stream;
  std::vector<SmtpReply> replies;
};

TEST(SmtpReplyReader, WholeRepliesInAnyPieces) {
  const std::vector<WholeCase> cases{
      {"220 ready\r\n", {{220, {"ready"}}}},
      {"220\r\n", {{220, {""}}}},
      {"220 \r\n", {{220, {""}}}},
      {"220-\r\n220\r\n", {{220, {"", ""}}}},
      {"250-a\r\n250-b c\r\n250 d\r\n", {{250, {"a", "b c", "d"}}}},
      {"220 bare\n250 feed\n", {{220, {"bare"}}, {250, {"feed"}}}},
      {"220 two\r\r\n", {{220, {"two\r"}}}},
      {"554 \xff\x01\x1b[31m\r\n", {{554, {"\xff\x01\x1b[31m"}}}},
      {std::string("220 n\0l\r\n", 9), {{220, {std::string("n\0l", 3)}}}},
      {"421 a\r\n220 b\r\n", {{421, {"a"}}, {220, {"b"}}}},
  };
  for (const WholeCase& test : cases) {
    for (const std::size_t piece : std::vector<std::size_t>{1, 2, 3, 7, 1000}) {
      SmtpReplyReader reader;
      EXPECT_EQ(replies_in(reader, test.stream, piece), test.replies) << test.stream << " by " << piece;
      EXPECT_EQ(reader.error(), std::nullopt);
      EXPECT_FALSE(reader.has_more());
    }
  }
}

TEST(SmtpReplyReader, WhatIsNoReply) {
  using Error = SmtpReplyError;
  const std::string longest(SmtpReplyReader::kMostLineOctets, 'x');
  std::string many;
  for (std::size_t i = 0; i <= SmtpReplyReader::kMostReplyLines; ++i) many += "250-x\r\n";
  const std::vector<std::pair<std::string, Error>> cases{
      {"SSH-2.0-OpenSSH_9.2\r\n", Error::kNoCode},
      {"\r\n", Error::kNoCode},
      {"22\r\n", Error::kNoCode},
      {"2200 x\r\n", Error::kNoCode},
      {"120 x\r\n", Error::kNoCode},
      {"620 x\r\n", Error::kNoCode},
      {"260 x\r\n", Error::kNoCode},
      {"220\tx\r\n", Error::kNoCode},
      {"220-a\r\n250 b\r\n", Error::kCodeChanges},
      {"220 " + longest + "\r\n", Error::kLineTooLong},
      {"220 " + longest, Error::kLineTooLong},
      // At once, without an end of line.
      {longest, Error::kNoCode},
      {"S", Error::kNoCode},
      {"2z", Error::kNoCode},
      {"220x", Error::kNoCode},
      {"220-a\r\nb", Error::kNoCode},
      {many, Error::kReplyTooLong},
  };
  for (const auto& [stream, error] : cases) {
    for (const std::size_t piece : std::vector<std::size_t>{1, 1000}) {
      SmtpReplyReader reader;
      EXPECT_THAT(replies_in(reader, stream, piece), SizeIs(0));
      EXPECT_EQ(reader.error(), error) << stream.substr(0, 20);
      EXPECT_THAT(replies_in(reader, "220 ready\r\n", 100), SizeIs(0))
          << "it went on after " << stream.substr(0, 20);
      EXPECT_FALSE(reader.has_more());
    }
  }
}

TEST(SmtpReplyReader, TheLongestLineAndReplyThatAreTaken) {
  SmtpReplyReader reader;
  const std::string line = "220 " + std::string(SmtpReplyReader::kMostLineOctets - 6, 'x') + "\r\n";
  ASSERT_EQ(line.size(), SmtpReplyReader::kMostLineOctets);
  EXPECT_THAT(replies_in(reader, line, 100), SizeIs(1));
  std::string many;
  for (std::size_t i = 1; i < SmtpReplyReader::kMostReplyLines; ++i) many += "250-x\r\n";
  const auto replies = replies_in(reader, many + "250 x\r\n", 100);
  ASSERT_THAT(replies, SizeIs(1));
  EXPECT_THAT(replies[0].lines, SizeIs(SmtpReplyReader::kMostReplyLines));
}

TEST(SmtpReplyReader, RepliesThatNobodyTakesAreBounded) {
  SmtpReplyReader reader;
  const std::string chunk(1024, '2');
  for (std::size_t pushed = 0; pushed < SmtpReplyReader::kMostPending; pushed += chunk.size()) {
    reader.push(octets(chunk));
    ASSERT_EQ(reader.error(), std::nullopt);
  }
  reader.push(octets("2"));
  EXPECT_EQ(reader.error(), SmtpReplyError::kFlood);
}

struct OfferCase {
  std::vector<std::string> lines;  // behind the first
  bool starttls;
  bool auth;
  std::vector<std::string> mechanisms;
};

TEST(SmtpOffer, StarttlsAndAuthWithoutCase) {
  const std::vector<OfferCase> cases{
      {{}, false, false, {}},
      {{"SIZE 1000", "8BITMIME"}, false, false, {}},
      {{"STARTTLS"}, true, false, {}},
      {{"starttls"}, true, false, {}},
      {{"STARTTLS required"}, true, false, {}},
      {{"XSTARTTLS", "STARTTLSX", "X STARTTLS", "STARTTLS=yes"}, false, false, {}},
      {{"AUTH PLAIN LOGIN"}, false, true, {"PLAIN", "LOGIN"}},
      {{"auth plain  Login "}, false, true, {"PLAIN", "LOGIN"}},
      {{"AUTH"}, false, true, {}},
      {{"AUTH=LOGIN"}, false, true, {"LOGIN"}},
      {{"AUTH PLAIN", "AUTH=PLAIN XOAUTH2"}, false, true, {"PLAIN", "XOAUTH2"}},
      {{"AUTHX PLAIN", "XAUTH PLAIN"}, false, false, {}},
  };
  for (const OfferCase& test : cases) {
    SmtpReply reply{250, {"AUTH STARTTLS is the host's name"}};
    reply.lines.insert(reply.lines.end(), test.lines.begin(), test.lines.end());
    const SmtpOffer offer = offer_in(reply);
    EXPECT_EQ(offer.capabilities, test.lines);
    EXPECT_EQ(offer.starttls, test.starttls) << ::testing::PrintToString(test.lines);
    EXPECT_EQ(offer.auth, test.auth) << ::testing::PrintToString(test.lines);
    EXPECT_EQ(offer.auth_mechanisms, test.mechanisms) << ::testing::PrintToString(test.lines);
  }
}

TEST(SmtpOffer, MechanismsAreBounded) {
  std::string line = "AUTH";
  for (int i = 0; i < 300; ++i) line += " M" + std::to_string(i);
  const SmtpOffer offer = offer_in({250, {"host", line}});
  EXPECT_THAT(offer.auth_mechanisms, SizeIs(SmtpOffer::kMostMechanisms));
}

}  // namespace
}  // namespace dauth::scanner
