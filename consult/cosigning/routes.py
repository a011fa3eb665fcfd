"""Pages of cosigning."""

from fastapi import APIRouter

router = APIRouter()
