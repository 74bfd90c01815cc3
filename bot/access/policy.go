package access

// policy says which role may do what: the only place that does.
var policy = map[Role][]Permission{
	Resident:   {FileCase},
	GridWorker: {FileCase, SeeQueue},
	Mediator:   {FileCase, SeeQueue, ClaimCase, WorkCase, HelpCase, SeePersonal},
	Adviser:    {SeeQueue, HelpCase, EditContent, ReviewContent, SeeFigures, AnswerQuestions, SeeNeeds},
	Clerk:      {FileCase, SeeQueue, ManageCases, SeePersonal, EditContent, SeeFigures, PlaceAccounts, AnswerQuestions, SeeNeeds},
	Editor:     {EditItems, ApproveItems, EditContent, SeeFigures},
	Director:   {FileCase, SeeQueue, ManageCases, SeePersonal, EditItems, ApproveItems, EditContent, ReviewContent, SeeFigures, ManageAccounts, PlaceAccounts, AnswerQuestions, SeeNeeds},
}
