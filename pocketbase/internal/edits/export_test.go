package edits

var (
	WrittenByPeople = writtenByPeople
	WrittenByRoutes = writtenByRoutes
	Views           = views
)
