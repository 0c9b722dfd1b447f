#include "scanner/postmaster/dkim_key_record.h"

#include <gmock/gmock.h>

#include "scanner/postmaster/public_key.h"
#include "tests/unit/postmaster/dkim_keys.h"

namespace dauth::testing {
namespace {

using scanner::DkimKeyFault;
using scanner::DkimKeyRecord;
using scanner::DkimKeyState;
using scanner::DkimKeyType;
using scanner::parse_dkim_key;
using scanner::RsaKeySize;

std::string with_key(std::string_view tags, std::string_view key) {
  return std::string(tags) + std::string(key);
}

std::string encode_base64(const std::vector<std::uint8_t>& octets) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < octets.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (i + j < octets.size() ? octets[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text += i + j > octets.size() ? '=' : kDigits[(group >> (18 - 6 * j)) & 0x3f];
  }
  return text;
}

struct KeyCase {
  const char* what;
  std::string record;
  DkimKeyType type;
  DkimKeyState state;
  DkimKeyFault fault;
  std::size_t bits;
  bool is_usable;
};

TEST(DkimKeyRecord, Keys) {
  using enum DkimKeyFault;
  using enum DkimKeyState;
  using enum DkimKeyType;
  const auto rsa1024 = scanner::decode_base64(kRsa1024).value();
  std::vector<std::uint8_t> longer = rsa1024;
  longer.push_back(0);
  std::vector<std::uint8_t> cut(rsa1024.begin(), rsa1024.end() - 1);
  // A BIT STRING of one octet where the key should be.
  const std::vector<std::uint8_t> hollow = {0x30, 0x13, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                            0x0d, 0x01, 0x01, 0x01, 0x05, 0x00, 0x03, 0x02, 0x00, 0x05};
  const std::vector<KeyCase> cases = {
      {"RFC 6376 appendix C", with_key("v=DKIM1; p=", kRfc6376Key), kRsa, kPresent, kNone, 1024, true},
      {"RFC 8463 appendix A", with_key("v=DKIM1; k=ed25519; p=", kRfc8463Key), kEd25519, kPresent, kNone, 256,
       true},
      {"512 bits", with_key("p=", kRsa512), kRsa, kPresent, kNone, 512, false},
      {"1024 bits", with_key("p=", kRsa1024), kRsa, kPresent, kNone, 1024, true},
      {"2048 bits", with_key("k=rsa; p=", kRsa2048), kRsa, kPresent, kNone, 2048, true},
      {"4096 bits", with_key("p=", kRsa4096), kRsa, kPresent, kNone, 4096, true},
      {"without SubjectPublicKeyInfo", with_key("p=", kBareRsa2048), kRsa, kPresent, kNone, 2048, true},
      {"without the padding", "k=ed25519; p=" + std::string(kRfc8463Key.substr(0, 43)), kEd25519, kPresent,
       kNone, 256, true},
      {"folded",
       "p=" + std::string(kRfc6376Key.substr(0, 64)) + " \r\n\t " + std::string(kRfc6376Key.substr(64)) +
           " ;",
       kRsa, kPresent, kNone, 1024, true},
      {"revoked", "v=DKIM1; p=", kRsa, kRevoked, kNone, 0, false},
      {"revoked, with blanks", "v=DKIM1; k=ed25519; p= ; t=y", kEd25519, kRevoked, kNone, 0, false},
      {"another type", "k=dsa; p=AAAA", kOther, kPresent, kNone, 0, false},
      {"type in another case", with_key("k=RSA; p=", kRsa1024), kOther, kPresent, kNone, 0, false},
      {"another type, revoked", "k=dsa; p=", kOther, kRevoked, kNone, 0, false},
      {"no base64", "p=MIG*", kRsa, kMalformed, kNotBase64, 0, false},
      {"base64 that ends within a group", "p=MIGfM", kRsa, kMalformed, kNotBase64, 0, false},
      {"too much padding", with_key("k=ed25519; p=", kRfc8463Key) + "=", kEd25519, kMalformed, kNotBase64, 0,
       false},
      {"quotation marks of a zone file",
       "p=" + std::string(kRsa2048.substr(0, 200)) + "\"\"" + std::string(kRsa2048.substr(200)), kRsa,
       kMalformed, kQuotes, 0, false},
      {"octets that are no DER", "p=AAAAAAAA", kRsa, kMalformed, kNotDer, 0, false},
      {"one octet", "p=MA==", kRsa, kMalformed, kNotDer, 0, false},
      {"a PEM header", "p=-----BEGINPUBLICKEY-----", kRsa, kMalformed, kNotBase64, 0, false},
      {"cut at 255 octets", with_key("v=DKIM1; p=", kRsa2048).substr(0, 255), kRsa, kMalformed, kCutOff, 0,
       false},
      {"an octet less", "p=" + encode_base64(cut), kRsa, kMalformed, kCutOff, 0, false},
      {"an octet more", "p=" + encode_base64(longer), kRsa, kMalformed, kOctetsBehind, 0, false},
      {"EC for RSA", with_key("p=", kEcKey), kRsa, kMalformed, kOtherAlgorithm, 0, false},
      {"Ed25519 for RSA", with_key("p=", kEd25519InDer), kRsa, kMalformed, kOtherAlgorithm, 0, false},
      {"an empty SEQUENCE", "p=MAA=", kRsa, kMalformed, kNotRsa, 0, false},
      {"no key within", "p=" + encode_base64(hollow), kRsa, kMalformed, kNotRsa, 0, false},
      {"raw Ed25519 octets for RSA", with_key("p=", kRfc8463Key), kRsa, kMalformed, kNotDer, 0, false},
      {"Ed25519 in DER", with_key("k=ed25519; p=", kEd25519InDer), kEd25519, kMalformed, kDerInsteadOfRaw, 0,
       false},
      {"RSA for Ed25519", with_key("k=ed25519; p=", kRsa1024), kEd25519, kMalformed, kDerInsteadOfRaw, 0,
       false},
      {"31 octets", "k=ed25519; p=" + encode_base64(std::vector<std::uint8_t>(31, 7)), kEd25519, kMalformed,
       kWrongLength, 0, false},
  };
  for (const KeyCase& c : cases) {
    SCOPED_TRACE(c.what);
    const auto key = parse_dkim_key(c.record);
    ASSERT_TRUE(key) << key.error().reason;
    EXPECT_EQ(key->type, c.type) << to_text(key->type);
    EXPECT_EQ(key->state, c.state) << to_text(key->state);
    EXPECT_EQ(key->fault, c.fault) << to_text(key->fault);
    EXPECT_EQ(key->bits, c.bits);
    EXPECT_EQ(key->is_usable(), c.is_usable);
    EXPECT_EQ(key->is_bare_rsa_key, std::string_view(c.what) == "without SubjectPublicKeyInfo");
    EXPECT_EQ(describe(key->fault).empty(), key->fault == kNone);
  }
}

TEST(DkimKeyRecord, EveryCutOfAKeyIsToldAsOne) {
  const auto whole = scanner::decode_base64(kRsa2048).value();
  // From the first octet behind the DER's header on.
  for (std::size_t length = 5; length < whole.size(); ++length) {
    SCOPED_TRACE(length);
    const auto key = parse_dkim_key(
        "p=" + encode_base64({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)}));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->fault, DkimKeyFault::kCutOff) << to_text(key->fault);
  }
}

TEST(DkimKeyRecord, Tags) {
  const auto full = parse_dkim_key(
      with_key("v=DKIM1; h = sha1 : sha256; k=rsa; n=call=20us; s=email:*; t=y:s; x=other; p=", kRsa2048));
  ASSERT_TRUE(full) << full.error().reason;
  EXPECT_EQ(full->version, "DKIM1");
  EXPECT_EQ(full->hashes, (std::vector<std::string>{"sha1", "sha256"}));
  EXPECT_EQ(full->services, (std::vector<std::string>{"email", "*"}));
  EXPECT_EQ(full->flags, (std::vector<std::string>{"y", "s"}));
  EXPECT_EQ(full->notes, "call=20us");
  EXPECT_EQ(full->type_name, "rsa");
  EXPECT_TRUE(full->is_testing() && full->is_strict() && full->is_for_mail() && full->allows_sha256());
  EXPECT_TRUE(full->is_usable());

  const auto plain = parse_dkim_key(with_key("p=", kRsa2048));
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->version || plain->hashes || plain->services || plain->notes);
  EXPECT_FALSE(plain->is_testing() || plain->is_strict());
  EXPECT_TRUE(plain->is_for_mail() && plain->allows_sha256());

  const auto sha1 = parse_dkim_key(with_key("h=sha1; p=", kRsa2048));
  ASSERT_TRUE(sha1);
  EXPECT_FALSE(sha1->allows_sha256() || sha1->is_usable());
  const auto other_service = parse_dkim_key(with_key("s=tlsrpt; p=", kRsa2048));
  ASSERT_TRUE(other_service);
  EXPECT_FALSE(other_service->is_for_mail() || other_service->is_usable());
  const auto unknown_flags = parse_dkim_key(with_key("t=yes:z; p=", kRsa2048));
  ASSERT_TRUE(unknown_flags);
  EXPECT_FALSE(unknown_flags->is_testing() || unknown_flags->is_strict());
}

TEST(DkimKeyRecord, TextThatIsNoKeyRecord) {
  struct NoRecord {
    const char* what;
    std::string text;
    std::string_view reason;  // empty: what the tag list says
  };
  const std::vector<NoRecord> cases = {
      {"empty", "", ""},
      {"SPF", "v=spf1 -all", "the version is not DKIM1"},
      {"version in lower case", "v=dkim1; p=", "the version is not DKIM1"},
      {"version of the future", "v=DKIM2; p=", "the version is not DKIM1"},
      {"version behind", "p=; v=DKIM1", "v= is not the first tag"},
      {"no p", "v=DKIM1; k=rsa", "p= is missing"},
      {"P is another tag", "v=DKIM1; P=", "p= is missing"},
      {"p twice", "v=DKIM1; p=; p=", ""},
      {"hostile octets", std::string("v=DKIM1; n=\xff\0; p=", 17), ""},
  };
  for (const NoRecord& c : cases) {
    SCOPED_TRACE(c.what);
    const auto record = parse_dkim_key(c.text);
    ASSERT_FALSE(record);
    EXPECT_LE(record.error().offset, c.text.size());
    EXPECT_EQ(record.error().reason, c.reason.empty() ? record.error().reason : c.reason);
  }
}

TEST(DkimKeyRecord, SizesByRfc8301) {
  EXPECT_EQ(scanner::judge_rsa_size(1023), RsaKeySize::kUseless);
  EXPECT_EQ(scanner::judge_rsa_size(1024), RsaKeySize::kWeak);
  EXPECT_EQ(scanner::judge_rsa_size(2047), RsaKeySize::kWeak);
  EXPECT_EQ(scanner::judge_rsa_size(2048), RsaKeySize::kGood);
  EXPECT_EQ(scanner::judge_rsa_size(4096), RsaKeySize::kGood);
  EXPECT_EQ(scanner::judge_rsa_size(4097), RsaKeySize::kLarge);
}

}  // namespace
}  // namespace dauth::testing
