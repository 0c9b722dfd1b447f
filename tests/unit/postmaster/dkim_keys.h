// Public keys for tests: those of RFC 6376 and RFC 8463, and some made with OpenSSL for these tests.
#pragma once

#include <string_view>

namespace dauth::testing {

// RFC 6376 appendix C: brisbane._domainkey.example.com, 1024 bits.
inline constexpr std::string_view kRfc6376Key =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkM"
    "oGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/R"
    "tdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToI"
    "MmPSPDdQPNUYckcQ2QIDAQAB";

// RFC 8463 appendix A.2: brisbane._domainkey.football.example.com.
inline constexpr std::string_view kRfc8463Key = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

// openssl genrsa 512 | openssl rsa -pubout -outform DER
inline constexpr std::string_view kRsa512 =
    "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMeWF+EPILEFd0jqO/uOCWQaGSJ+YRMOgEREDKCaHtnOEXmLIOj0hAxWAZLKuTAI"
    "H2Grf4UYtxvywf78q10LwJ0CAwEAAQ==";

// openssl genrsa 1024 | openssl rsa -pubout -outform DER
inline constexpr std::string_view kRsa1024 =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC+lcuZ/AIBUHwbExBCEDYWPftu2eqlLT5SEOlYk1FHtjpjwum/CG1R3L2C"
    "7hwz3sukVYESIPZkNkG7BhsXhXBAZwdq3ELwg68NPmduLUh5l4wTMKFxwyNhHMEdd6oTR0WTPNXTVDsi8bSUC9E4TguNhBeQ"
    "U38iVCmmP7D9hwDQtwIDAQAB";

// openssl genrsa 2048 | openssl rsa -pubout -outform DER
inline constexpr std::string_view kRsa2048 =
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy5DgpfDDHf3S39XE5b//3mucxrdzF51d82ujYVg9tM4mAV1/TiuX"
    "5FPBS6aCyKtS9uWDmIbhHYVcygFPiWBlHjwQUPj6eKIKlra4ozXJrddwrrFCKtvJABhi+ULtgjID/K8vT1jniwbWSiIz538Y"
    "uSXPSzNMDVkdlq3514zkYUeOg+H/DHpjkhXWx0ul0XSQzzW730H0ltx282M3i7oIC4D4RpzY0Z+fSv6Br7vggfjJP7gVz8FB"
    "pV5/+U/ANFdndjxqpjPuDk2BWZO/JW9D9+ajshH1x2cUQc0kiGDPlJ/SWATUQhmvur4lKrQ+Sk+OIX6kS1/EbKYrui+loxxn"
    "8QIDAQAB";

// The same key without its SubjectPublicKeyInfo: openssl rsa -RSAPublicKey_out -outform DER
inline constexpr std::string_view kBareRsa2048 =
    "MIIBCgKCAQEAy5DgpfDDHf3S39XE5b//3mucxrdzF51d82ujYVg9tM4mAV1/TiuX5FPBS6aCyKtS9uWDmIbhHYVcygFPiWBl"
    "HjwQUPj6eKIKlra4ozXJrddwrrFCKtvJABhi+ULtgjID/K8vT1jniwbWSiIz538YuSXPSzNMDVkdlq3514zkYUeOg+H/DHpj"
    "khXWx0ul0XSQzzW730H0ltx282M3i7oIC4D4RpzY0Z+fSv6Br7vggfjJP7gVz8FBpV5/+U/ANFdndjxqpjPuDk2BWZO/JW9D"
    "9+ajshH1x2cUQc0kiGDPlJ/SWATUQhmvur4lKrQ+Sk+OIX6kS1/EbKYrui+loxxn8QIDAQAB";

// openssl genrsa 4096 | openssl rsa -pubout -outform DER
inline constexpr std::string_view kRsa4096 =
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAvkf76qUgxo/zD83e2O0IIzXM5svEUJHF8XTWd6uMbV00UgYaahsJ"
    "UuWOgYCyE7piclkEaDfEJUgBeJwecCkEKUCnYXNtgopB6uAygVPZHAe5le7XgqHVSU64RwUmVpBi4oWw1BBNC5F7KSYWN/tX"
    "upj1YOgJ9AU3YMIF58y+v77lZRsi8GYP271gTXxYLzUVwXdNgS9xZdS3LwyU/D3UaafLdTzzzYMiS30IjoQYK6WQ4VudnuZ8"
    "ZPG1zx2vOcHKdbt32iDpLd1vQ7NYXB0Nx+ptmdv57ERUaAhtrAWPr73uRLpXKyHf44vDTncLCbHE/rlMQZKO6O9s68h5P1xs"
    "OfkoKTqJellkpN+LEB6c+/rzHDXXfo1OQgBY6kJaRkl1ciWYs2ry6MO63IyAj210YJ8/1BqTcE3yfGjyLbCf9LVSsDNsdXz7"
    "VFEFpc3iSVBQhkbc2ez+f02BHgcUpHMYkTgLvl2oHwLTzkhj2/yJkZk9KS0zAALlcKGRwkJw1zFyIkbf1Htgq2V/vIwPWf/7"
    "fynqDct7gfo0YcnBFFTx7M4SoFjyfvPBExEnNxDZ5rCTR37YpAMMvqpm4mXuGEhI3jlzJc9kynYkx2wFZGUZ/iyC0ikf/q5+"
    "jT7yj4zcNSB5XrphOUAcMhc46GMR1sECCm+2vVZhHTT7aWalmH08k9cCAwEAAQ==";

// openssl genpkey -algorithm EC, curve P-256, -pubout -outform DER
inline constexpr std::string_view kEcKey =
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAETgzKu7vDBb1uDNcI+/ktKmIZbR8Pp+ERwn0jkYb2lkMhZkoQBobAMLOoZxgQ"
    "nK8iBaYw5qZbZ8Q09zO9YWHgWA==";

// openssl genpkey -algorithm ED25519, -pubout -outform DER
inline constexpr std::string_view kEd25519InDer =
    "MCowBQYDK2VwAyEAx2NSioyecvRgseWAky69w/9hh7NsX9D543Zd2npudXs=";

}  // namespace dauth::testing
