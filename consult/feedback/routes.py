"""Pages of feedback."""

from fastapi import APIRouter

router = APIRouter()
