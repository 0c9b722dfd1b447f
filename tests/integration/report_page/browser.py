"""Chromium without a window, driven through Debian's chromedriver: pages from the disk, and all that they ask for.

Nothing is skipped: where Chromium, its driver or selenium is missing, this fails.
"""
import json
import pathlib

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = "/usr/bin/chromium"
DRIVER = "/usr/bin/chromedriver"
# For a machine with much else to do; every wait ends with the event that it waits for.
PATIENCE_SECONDS = 30


class Browser:
    """One Chromium, whose processes end with close()."""

    def __init__(self, scratch):
        for program in (CHROMIUM, DRIVER):
            if not pathlib.Path(program).exists():
                raise FileNotFoundError(f"{program} is missing (scripts/setup installs chromium and chromium-driver)")
        options = Options()
        options.binary_location = CHROMIUM
        # No sandbox: root has none. No shared memory: containers have little. No name resolves, so that the
        # browser's own services stay on this machine.
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                         "--no-first-run", "--disable-background-networking", "--disable-component-update",
                         "--disable-sync", "--disable-extensions", "--no-proxy-server",
                         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                         f"--user-data-dir={scratch}/profile", "--force-device-scale-factor=1"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service(DRIVER, log_path=f"{scratch}/chromedriver.log"),
                                       options=options)
        self.driver.set_page_load_timeout(PATIENCE_SECONDS)
        self.driver.execute_cdp_cmd("Network.enable", {})

    def close(self):
        self.driver.quit()

    def open(self, path, width=1280, height=900, scheme="light", media="", scripts=True):
        """Loads a file anew; what was logged before is forgotten."""
        self.driver.get("about:blank")
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600)
        self.emulate(scheme, media)
        self.cdp("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(pathlib.Path(path).resolve().as_uri())

    def emulate(self, scheme, media=""):
        self.cdp("Emulation.setEmulatedMedia", media=media,
                 features=[{"name": "prefers-color-scheme", "value": scheme}])

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, script, *arguments):
        """Until the script returns something true, which is returned."""
        return WebDriverWait(self.driver, PATIENCE_SECONDS, 0.05).until(lambda driver: self.run(script, *arguments))

    def console(self):
        """What the page complained of since the last call, violations of its policy included."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self):
        """The addresses that were asked for since the last call."""
        addresses = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                addresses.append(message["params"]["request"]["url"])
        return addresses
