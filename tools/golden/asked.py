"""The golden cases of a folder that neither istiod nor Envoy refused, one a line. Usage: asked.py FOLDER OUT"""
import json
import sys
from pathlib import Path

with open(sys.argv[2], "w") as out:
    for file in sorted(Path(sys.argv[1]).glob("*.json")):
        content = json.loads(file.read_text())
        for case in content.get("cases", []):
            if not case.get("rejected") and not case.get("nack"):
                out.write(json.dumps(case) + "\n")
