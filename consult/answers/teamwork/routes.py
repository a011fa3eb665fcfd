"""Pages of teamwork."""

from fastapi import APIRouter

router = APIRouter()
