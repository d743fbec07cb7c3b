# The emulator of both clouds' STS as a container:
#   docker build -t effect-sts-emulator . && docker run --rm -p 127.0.0.1:4400:4400 effect-sts-emulator
# Accounts of one's own: -v "$PWD/seed.json:/seed.json:ro", and --seed /seed.json after the image's name.
FROM node:24-slim
RUN npm install --global --omit=peer effect-sts@4 && npm cache clean --force
USER node
EXPOSE 4400
ENTRYPOINT ["effect-sts", "emulator", "--host", "0.0.0.0", "--port", "4400"]
