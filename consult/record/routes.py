"""Pages of record."""

from fastapi import APIRouter

router = APIRouter()
