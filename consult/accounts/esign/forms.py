"""The form by which a signature is sent."""

from pydantic import BaseModel, ConfigDict
from starlette.datastructures import UploadFile

from consult.accounts.esign.rules import FIELD, check_size
from consult.errors import Invalid


class SentSignature(BaseModel):
    """The file that a tool for signing made of the statement."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    signature: UploadFile

    def content(self) -> bytes:
        """What the file holds; raises Invalid for none, TooLarge for more than a signature is."""
        size = self.signature.size or 0
        if not size:
            raise Invalid("Please choose a file.", field=FIELD)
        check_size(size)
        return self.signature.file.read()
