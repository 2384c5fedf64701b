"""Opens the shop and keeps it open until it is interrupted."""

import json
import logging
import sys
import threading
from contextlib import suppress

from shop import config
from shop.adapter import PATH, AdapterHandler
from shop.defects import DEFECTS, Switches
from shop.doors import PublicHandler
from shop.serving import Server
from shop.shop import Shop


def main():
    """Runs the command line. Answers the exit code."""
    line = config.parser()
    arguments = line.parse_args()
    if arguments.list_defects:
        width = max(map(len, DEFECTS))
        for name, about in DEFECTS.items():
            print(f"{name:{width}}  {about}")
        return 0
    logging.basicConfig(
        level=logging.INFO if arguments.verbose else logging.WARNING, stream=sys.stderr
    )
    try:
        settings, defects = config.read(arguments)
        switches = Switches(defects)
        adapter = Server(config.address(settings["adapter"]), AdapterHandler)
        public = Server(config.address(settings["notify"]), PublicHandler)
        setup = config.setup_of(settings, public.url)
    except (OSError, ValueError) as trouble:
        print(f"{line.prog}: {trouble}", file=sys.stderr)
        return 64
    adapter.shop = public.shop = Shop(setup, switches)
    threading.Thread(target=public.serve_forever, daemon=True).start()
    ready = {
        "adapter": f"{adapter.url}{PATH}",
        "notify": public.url,
        "notify_url": setup.notify_url,
        "return_url": setup.return_url,
        "defects": sorted(defects),
    }
    print(json.dumps(ready), flush=True)
    with suppress(KeyboardInterrupt):
        adapter.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
