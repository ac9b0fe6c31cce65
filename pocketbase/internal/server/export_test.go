package server

const BodyLimit = bodyLimit

var Migrations = migrations
