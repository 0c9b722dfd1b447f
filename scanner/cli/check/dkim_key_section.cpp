#include "scanner/cli/check/dkim_key_section.h"

#include <fmt/format.h>

#include "scanner/cli/check/host_facts.h"

namespace dauth::scanner::cli {
namespace {

using nlohmann::ordered_json;

std::string kind_text(const DkimKeyRecord& key) {
  switch (key.type) {
    case DkimKeyType::kRsa:
      return key.state == DkimKeyState::kPresent ? fmt::format("RSA, {} bits", key.bits) : "RSA";
    case DkimKeyType::kEd25519:
      return "Ed25519";
    case DkimKeyType::kOther:
      return fmt::format("of the type \"{}\"", key.type_name);
  }
  return "";
}

void add_rsa_size(CheckPage& page, const DkimKeyRecord& key) {
  switch (judge_rsa_size(key.bits)) {
    case RsaKeySize::kUseless:
      page.remark(
          "Under 1024 bits: verifiers must not accept signatures by it (RFC 8301 section 3.2). Make a key of "
          "2048 bits.",
          Mark::kBad);
      break;
    case RsaKeySize::kWeak:
      page.remark("Signers should use 2048 bits or more (RFC 8301 section 3.2). Change to a new key.",
                  Mark::kWarning);
      break;
    case RsaKeySize::kGood:
      break;
    case RsaKeySize::kLarge:
      page.remark("Over 4096 bits: verifiers need not be able to use it (RFC 8301 section 3.2).",
                  Mark::kWarning);
      break;
  }
  if (key.is_bare_rsa_key) {
    page.remark(
        "p= holds an RSAPublicKey without the SubjectPublicKeyInfo around it. RFC 6376 section 3.6.1 can be "
        "read so, but its examples and many verifiers want the latter.",
        Mark::kWarning);
  }
}

void add_key(CheckPage& page, const DkimKeyRecord& key) {
  switch (key.state) {
    case DkimKeyState::kRevoked:
      page.fact("key", kind_text(key) + ", revoked", Mark::kWarning);
      page.remark(
          "p= is empty: the key is withdrawn, and signatures by it fail (RFC 6376 section 3.6.1). That is as "
          "it should be where nothing signs with this selector any more.");
      return;
    case DkimKeyState::kMalformed:
      page.fact("key", kind_text(key) + ", malformed", Mark::kBad);
      page.remark(fmt::format(
          "It cannot be used: {} (RFC {}). Publish it again, and compare it with what the "
          "signer wrote; a TXT RR over 255 octets has to be split into strings.",
          describe(key.fault), key.type == DkimKeyType::kEd25519 ? "8463 section 4" : "6376 section 3.6.1"));
      return;
    case DkimKeyState::kPresent:
      break;
  }
  if (key.type == DkimKeyType::kOther) {
    page.fact("key", kind_text(key), Mark::kBad);
    page.remark("Verifiers know rsa and ed25519, in lower case, and ignore others (RFC 6376 section 3.6.1).");
    return;
  }
  const bool is_plain = key.type == DkimKeyType::kRsa && judge_rsa_size(key.bits) != RsaKeySize::kGood;
  page.fact("key", kind_text(key), is_plain ? Mark::kPlain : Mark::kGood);
  if (key.type == DkimKeyType::kRsa) add_rsa_size(page, key);
  if (key.type == DkimKeyType::kEd25519) {
    page.remark(
        "Not all verifiers know Ed25519 (RFC 8463): sign with an RSA key under another selector as well.");
  }
}

void add_tags(CheckPage& page, const DkimKeyRecord& key) {
  if (key.is_testing()) {
    page.remark(
        "t=y: the domain is testing, and verifiers treat what it signs as if it were not signed (RFC 6376 "
        "section 3.6.1). Remove it when the tests are done.",
        Mark::kWarning);
  }
  if (key.is_strict()) {
    page.remark(
        "t=s: the domain of i= has to be that of d= itself, not one below it (RFC 6376 section 3.6.1).");
  }
  if (!key.allows_sha256()) {
    page.remark(
        "h= does not allow sha256, and sha1 is not accepted any more (RFC 8301 section 3.1). Remove h=.",
        Mark::kBad);
  }
  if (!key.is_for_mail()) {
    page.remark("s= names other services than mail, so verifiers of mail ignore it (RFC 6376 section 3.6.1).",
                Mark::kBad);
  }
}

}  // namespace

void add_to_page(CheckPage& page, const DkimKey& key) {
  page.heading(fmt::format("DKIM key {}", key.selector.to_text()));
  if (!key.owner) {
    page.fact("name", "none: selector and domain together are longer than a name may be", Mark::kBad);
    return;
  }
  page.fact("name", key.owner->to_text());
  if (key.is_alias.is_yes()) {
    page.remark(fmt::format("It is an alias (CNAME){}: whoever runs that name keeps the key.",
                            key.canonical_name ? " of " + key.canonical_name->to_text() : ""));
  }
  if (key.is_published.is_unknown()) {
    page.fact("published", words_of(key.is_published));
    return;
  }
  if (key.is_published.is_no()) {
    page.fact("published", key.exists.is_yes() ? "no: no TXT RR is there" : "no: the name does not exist",
              Mark::kBad);
    page.remark(
        "Signatures with this selector cannot be verified (RFC 6376 section 6.1.2). Is it the selector (s=) "
        "of the signer, and was its record published below _domainkey of the domain (d=)?");
    return;
  }
  if (key.records.size() > 1) {
    page.fact("published", fmt::format("{} records", key.records.size()), Mark::kBad);
    page.remark(
        "One selector has one record; what verifiers do with several is undefined (RFC 6376 section "
        "3.6.2.2). "
        "Remove all but one, or use a selector for each.");
  }
  for (const PublishedDkimKey& published : key.records) {
    if (published.record) {
      add_key(page, *published.record);
      page.record(published.text);
      add_tags(page, *published.record);
    } else {
      page.fact("key", "no key record", Mark::kBad);
      page.record(published.text);
      page.remark(fmt::format("{}, at octet {} ({}): verifiers ignore it.", published.record.error().reason,
                              published.record.error().offset, published.record.error().section));
    }
  }
}

ordered_json to_json(const DkimKey& key) {
  const auto key_json = [](const DkimKeyRecord& record) {
    ordered_json json;
    json["type"] = to_text(record.type);
    json["type_name"] = record.type_name;
    json["state"] = to_text(record.state);
    if (record.fault != DkimKeyFault::kNone) json["fault"] = to_text(record.fault);
    if (record.bits > 0) json["bits"] = record.bits;
    if (record.bits > 0 && record.type == DkimKeyType::kRsa) {
      json["size"] = to_text(judge_rsa_size(record.bits));
      json["is_bare_rsa_key"] = record.is_bare_rsa_key;
    }
    if (record.version) json["version"] = *record.version;
    if (record.hashes) json["hashes"] = *record.hashes;
    if (record.services) json["services"] = *record.services;
    json["flags"] = record.flags;
    if (record.notes) json["notes"] = *record.notes;
    json["is_testing"] = record.is_testing();
    json["is_strict"] = record.is_strict();
    json["allows_sha256"] = record.allows_sha256();
    json["is_for_mail"] = record.is_for_mail();
    json["is_usable"] = record.is_usable();
    return json;
  };
  ordered_json records = ordered_json::array();
  for (const PublishedDkimKey& published : key.records) {
    ordered_json record;
    record["text"] = published.text;
    if (published.record) {
      record["key"] = key_json(*published.record);
    } else {
      const RecordError& error = published.record.error();
      record["error"] = {{"section", error.section}, {"offset", error.offset}, {"reason", error.reason}};
    }
    records.push_back(std::move(record));
  }
  ordered_json json;
  json["selector"] = key.selector.to_text();
  if (key.owner) json["name"] = key.owner->to_text();
  json["exists"] = to_json(key.exists);
  json["is_published"] = to_json(key.is_published);
  json["is_alias"] = to_json(key.is_alias);
  if (key.canonical_name) json["canonical_name"] = key.canonical_name->to_text();
  json["records"] = std::move(records);
  json["is_usable"] = to_json(key.is_usable);
  return json;
}

}  // namespace dauth::scanner::cli
