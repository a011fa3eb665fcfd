"""Pages of intake."""

from fastapi import APIRouter

router = APIRouter()
