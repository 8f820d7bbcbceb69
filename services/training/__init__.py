"""Training: may this mentor be with a child today, and on what evidence?"""
